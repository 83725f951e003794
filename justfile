# The command list. Every recipe calls what CI calls: the scripts under .ci/checks.

# list the recipes
default:
    @just --list

# everything CI runs, in CI's order
check:
    .ci/run

# build the binary
build:
    cargo build --locked

# the README's test command
test:
    bash -euc "$(.ci/readme.sh test)"

# the README's demo; stays up until Ctrl-C
demo:
    bash -euc "$(.ci/readme.sh demo)"

# format the code
fmt:
    cargo fmt --all

# clippy, with CI's strictness
lint:
    .ci/checks/clippy.sh

# the documentation, without warnings
doc:
    .ci/checks/docs.sh

# lint the contract and look for breaking changes
proto:
    .ci/checks/proto.sh

# crate dependencies, pure domains and twin migrations
layers:
    .ci/checks/layers.py
    .ci/checks/migrations.py

# every reason code has its page in docs/errors
errors:
    .ci/checks/errors.py

# licences, banned crates and sources
deny:
    .ci/checks/deny.sh

# grpcio and buf curl against the built binary
clients:
    .ci/checks/clients.sh

# the benchmarks; by hand, on a machine that does nothing else
bench:
    cargo bench --locked --package matchday-tests
    cargo bench --locked --package matchday-timetable --bench peers
