"""A botocore session that reads its variables from a mapping instead of from this process.

It becomes the AWS CLI that kubectl starts, whose variables the kubeconfig's exec block sets.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aiobotocore.session import AioSession
from botocore.configprovider import ConfiguredEndpointProvider

from eksview.aws.client.profiles import read_variables

_NO_METADATA = "AWS_EC2_METADATA_DISABLED"


class EnvironSession(AioSession):  # type: ignore[misc]  # aiobotocore has no types
    """The session; botocore has a parameter for the environment only in some of its parts."""

    def __init__(self, environ: Mapping[str, str], profile: str | None) -> None:
        super().__init__(profile=profile)
        self._environ = environ
        read_variables(self, environ)

    def _add_configured_endpoint_provider(self, client_name: str, config_store: Any) -> None:
        provider = ConfiguredEndpointProvider(
            full_config=self.full_config,
            scoped_config=self.get_scoped_config(),
            client_name=client_name,
            environ=self._environ,
        )
        config_store.set_config_provider("endpoint_url", provider)

    def _create_credential_resolver(self) -> Any:
        resolver = super()._create_credential_resolver()
        sourcer = resolver.get_provider("assume-role")._credential_sourcer
        for provider in (*resolver.providers, *sourcer._providers):
            _use(provider, self._environ)
        return resolver


def _use(provider: Any, environ: Mapping[str, str]) -> None:
    """Make a provider of credentials read these variables."""
    if provider.METHOD == "env":
        provider.environ = environ
    elif provider.METHOD == "container-role":
        provider._environ = environ
    elif provider.METHOD == "iam-role":
        provider._role_fetcher._disabled = environ.get(_NO_METADATA, "").lower() == "true"
    elif provider.METHOD == "assume-role-with-web-identity":
        provider._get_env_config = _web_identity(provider, environ)


def _web_identity(provider: Any, environ: Mapping[str, str]) -> Callable[[str], str | None]:
    def variable(key: str) -> str | None:
        return None if provider._disable_env_vars else environ.get(provider._CONFIG_TO_ENV_VAR[key])

    return variable
