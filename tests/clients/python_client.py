"""Uses the API as a stranger would: grpcio and server reflection, no generated code, nothing of ours.

Usage: python_client.py HOST:PORT TOKEN_FILE PROTO_DIRECTORY
The contract is read only for the names of the services that must be there.
"""

import pathlib
import re
import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

PLACES = "matchday.venues.v1.PlaceService"
# Seconds; a call that hangs is a failure.
TIMEOUT = 10


class Bearer(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Sends a token with every call. Interceptors, because grpcio's call credentials demand TLS."""

    def __init__(self, token):
        self.metadata = (("authorization", f"Bearer {token}"),)

    def intercept_unary_unary(self, continuation, details, request):
        return continuation(self._with_token(details), request)

    def intercept_stream_stream(self, continuation, details, requests):
        return continuation(self._with_token(details), requests)

    def _with_token(self, details):
        return details._replace(metadata=(*(details.metadata or ()), *self.metadata))


def expect(condition, what):
    """Prints what holds; ends the program with what does not."""
    if not condition:
        sys.exit(f"python: FAILED: {what}")
    print(f"python: {what}")


def refusal(call, what):
    """The error that the call must end with."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    sys.exit(f"python: FAILED: {what} was not refused")


def expect_typed(error, code, what):
    """The error has the code, and a google.rpc.ErrorInfo with a reason; returns the reason."""
    expect(error.code() == code, f"{what}: {error.code().name} ({error.details()})")
    status = rpc_status.from_call(error)
    expect(status is not None, f"{what}: carries google.rpc.Status")
    info = error_details_pb2.ErrorInfo()
    found = any(detail.Unpack(info) for detail in status.details)
    expect(found and re.fullmatch(r"[A-Z][A-Z0-9_]*[A-Z0-9]", info.reason), f"{what}: reason {info.reason}")
    expect(info.domain != "", f"{what}: domain {info.domain}")
    return info.reason


def contract_services(directory):
    """The full names of the services that the contract declares."""
    for path in sorted(pathlib.Path(directory).glob("**/*.proto")):
        text = path.read_text(encoding="utf-8")
        package = re.search(r"^package ([\w.]+);", text, re.M)[1]
        for service in re.findall(r"^service (\w+)", text, re.M):
            yield f"{package}.{service}"


def unary(channel, pool, service, method, **fields):
    """Calls a method with what reflection says of it."""
    described = pool.FindServiceByName(service).FindMethodByName(method)
    request = message_factory.GetMessageClass(described.input_type)(**fields)
    reply = message_factory.GetMessageClass(described.output_type)
    call = channel.unary_unary(
        f"/{service}/{method}",
        request_serializer=type(request).SerializeToString,
        response_deserializer=reply.FromString,
    )
    return call(request, timeout=TIMEOUT)


def main(address, token_file, proto):
    token = pathlib.Path(token_file).read_text(encoding="utf-8").strip()
    with grpc.insecure_channel(address) as stranger:
        grpc.channel_ready_future(stranger).result(timeout=TIMEOUT)
        known = grpc.intercept_channel(stranger, Bearer(token))
        forger = grpc.intercept_channel(stranger, Bearer(f"{token}x"))

        error = refusal(ProtoReflectionDescriptorDatabase(stranger).get_services, "reflection without a token")
        expect(error.code() == grpc.StatusCode.UNAUTHENTICATED, "reflection without a token: UNAUTHENTICATED")

        reflection = ProtoReflectionDescriptorDatabase(known)
        listed = set(reflection.get_services())
        for service in contract_services(proto):
            expect(service in listed, f"reflection lists {service}")

        pool = descriptor_pool.DescriptorPool(reflection)
        sites = unary(known, pool, PLACES, "ListSites").sites
        expect(len(sites) == 0, "ListSites with a token: answered, no sites yet")

        error = refusal(lambda: unary(stranger, pool, PLACES, "ListSites"), "ListSites without a token")
        expect_typed(error, grpc.StatusCode.UNAUTHENTICATED, "ListSites without a token")

        error = refusal(lambda: unary(forger, pool, PLACES, "ListSites"), "ListSites with a forged token")
        expect_typed(error, grpc.StatusCode.UNAUTHENTICATED, "ListSites with a forged token")

        error = refusal(lambda: unary(known, pool, PLACES, "GetSite", name="sites/nowhere"), "GetSite of no site")
        expect_typed(error, grpc.StatusCode.NOT_FOUND, "GetSite of no site")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
