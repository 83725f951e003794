# The program `matchday` alone in a small image, run by a user that owns nothing. Plain enough for every builder:
# `docker build -t matchday:local .`

FROM rust:1.95.0-slim-bookworm AS build
# the toolchain of the image, without the components that rust-toolchain.toml wants for development
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package matchday

FROM debian:bookworm-slim
RUN groupadd --gid 10001 matchday \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin matchday \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/matchday
COPY --from=build /src/target/release/matchday /usr/local/bin/matchday
ENV MATCHDAY_DATA=/var/lib/matchday \
    MATCHDAY_LISTEN=127.0.0.1:7300
USER 10001:10001
WORKDIR /
# asks /readyz where the process listens; bash speaks TCP, so nothing is installed for it
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=6 \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/${MATCHDAY_LISTEN/://}\" && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["matchday"]
CMD ["serve"]
