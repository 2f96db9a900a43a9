"""Usage over time from Prometheus, wherever it is."""

from collections.abc import Mapping

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import UsageHistory, endpoint_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.engine.connect import aws_session, target_of
from eksview.kube.client.connection import Connection
from eksview.kube.history import HistoryReader, find_service

NO_PROMETHEUS = (
    "No Prometheus: no service has its labels. Name one with --prometheus (a URL or "
    "NAMESPACE/SERVICE:PORT) or as `prometheus` in config.toml."
)


async def read_history(
    connection: Connection,
    ref: ObjectRef,
    address: str,
    settings: Settings,
    environ: Mapping[str, str],
    clock: Clock | None = None,
) -> UsageHistory:
    """Return the usage of a node or pod until now by a clock. Raises `UserError`."""
    endpoint = (
        endpoint_of(settings.prometheus) if settings.prometheus else await find_service(connection)
    )
    if endpoint is None:
        raise UserError(NO_PROMETHEUS)

    async def sign(url: str, region: str) -> Mapping[str, str]:
        from eksview.aws.client.signing import signed_headers  # noqa: PLC0415 - heavy imports

        target = replace(target_of(settings, environ, connection.access), region=region)
        async with aws_session(target, environ) as session:
            return await signed_headers(session, url, region)

    return await HistoryReader(connection, endpoint, sign).read(
        ref, address, (clock or connection.server_clock)()
    )
