"""Kubeconfigs with an EKS user, and the variables and files that decide who signs its token."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ROLE = "arn:aws:iam::444455556666:role/ops"
CHINA = "arn:aws-cn:iam::444455556666:role/ops"
GOV = "arn:aws-us-gov:iam::444455556666:role/ops"
ISO = "arn:aws-iso:iam::444455556666:role/ops"
REGION = ("--region", "eu-west-1")
ENDPOINT = "https://aws.private.example"

CONFIG = """
[default]
region = us-west-1
[profile dev]
region = eu-central-1
[profile plain]
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = dev
region = ap-south-1
[profile chain]
role_arn = arn:aws:iam::111122223333:role/chain
source_profile = admin
[profile envrole]
role_arn = arn:aws:iam::111122223333:role/envrole
credential_source = Environment
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = viewer
region = eu-north-1
[profile oldsso]
sso_start_url = https://corp.example/start
sso_region = us-east-2
sso_account_id = 111122223333
sso_role_name = viewer
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = us-east-2
[profile process]
credential_process = @HOME@/process
region = sa-east-1
[profile webid]
role_arn = arn:aws:iam::111122223333:role/webid
web_identity_token_file = @HOME@/web-token
region = eu-west-3
[profile legacy]
sts_regional_endpoints = legacy
region = us-west-2
[profile fips]
use_fips_endpoint = true
region = us-east-1
[profile private]
region = us-east-1
services = private
[services private]
sts =
  endpoint_url = https://sts.services.example
"""
CREDENTIALS = "".join(
    f"[{name}]\naws_access_key_id = AKIA{name.upper()}\naws_secret_access_key = s3cret\n"
    for name in ("default", "dev", "plain", "legacy", "fips", "private")
)
OTHER_CONFIG = "[profile dev]\nregion = ca-central-1\n"
OTHER_CREDENTIALS = "[dev]\naws_access_key_id = AKIAOTHERDEV\naws_secret_access_key = s3cret\n"


def keys(name: str, token: str = "") -> Mapping[str, str]:
    """Return the variables of an access key."""
    variables = {"AWS_ACCESS_KEY_ID": name, "AWS_SECRET_ACCESS_KEY": "s3cret"}
    return variables | ({"AWS_SESSION_TOKEN": token} if token else {})


NONE: Mapping[str, str] = MappingProxyType({})


class IdentityCase(NamedTuple):
    """An exec block of `aws eks get-token` and what is around it; @HOME@ is the home folder.

    `profile` and `region` are flags of eksview; the AWS CLI gets them in the kubeconfig's place.
    """

    args: tuple[str, ...] = ()
    env: Mapping[str, str] = NONE
    environ: Mapping[str, str] = NONE
    profile: str = ""
    region: str = ""


def _profile(name: str) -> tuple[str, str]:
    return ("--profile", name)


WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/web-token", "AWS_ROLE_ARN": ROLE}
OTHER = {
    "AWS_CONFIG_FILE": "@HOME@/other-config",
    "AWS_SHARED_CREDENTIALS_FILE": "@HOME@/other-credentials",
}
CASES: Mapping[str, IdentityCase] = {
    "nothing but a region": IdentityCase(REGION),
    "region of the default profile": IdentityCase(),
    "profile in args": IdentityCase((*REGION, *_profile("dev"))),
    "region of the profile in args": IdentityCase(_profile("dev")),
    "profile in exec env": IdentityCase(REGION, {"AWS_PROFILE": "dev"}),
    "region of the profile in exec env": IdentityCase((), {"AWS_PROFILE": "dev"}),
    "profile in the environment": IdentityCase(REGION, environ={"AWS_PROFILE": "dev"}),
    "default profile variable": IdentityCase(REGION, environ={"AWS_DEFAULT_PROFILE": "dev"}),
    "both profile variables": IdentityCase(
        REGION, environ={"AWS_DEFAULT_PROFILE": "dev", "AWS_PROFILE": "plain"}
    ),
    "exec env over environment": IdentityCase(
        REGION, {"AWS_PROFILE": "plain"}, {"AWS_PROFILE": "dev"}
    ),
    "default profile of the environment over exec env": IdentityCase(
        REGION, {"AWS_PROFILE": "plain"}, {"AWS_DEFAULT_PROFILE": "dev"}
    ),
    "empty profile in exec env": IdentityCase(REGION, {"AWS_PROFILE": ""}, {"AWS_PROFILE": "dev"}),
    "keys in the environment": IdentityCase(REGION, environ=keys("AKIAENV")),
    "keys in the environment over profile in exec env": IdentityCase(
        REGION, {"AWS_PROFILE": "dev"}, keys("AKIAENV")
    ),
    "region of the profile beside keys": IdentityCase((), {"AWS_PROFILE": "dev"}, keys("AKIAENV")),
    "profile in args over keys in the environment": IdentityCase(
        (*REGION, *_profile("dev")), environ=keys("AKIAENV")
    ),
    "profile in args over keys in exec env": IdentityCase(
        (*REGION, *_profile("dev")), keys("AKIAEXEC")
    ),
    "keys in exec env over keys in the environment": IdentityCase(
        REGION, keys("AKIAEXEC", "session"), keys("AKIAENV", "older")
    ),
    "keys in exec env over profile in the environment": IdentityCase(
        REGION, keys("AKIAEXEC"), {"AWS_PROFILE": "dev"}
    ),
    "empty keys in exec env": IdentityCase(
        REGION, {"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "dev"}, keys("AKIAENV")
    ),
    "role in args": IdentityCase((*REGION, "--role-arn", ROLE)),
    "role in args with profile in args": IdentityCase(
        (*REGION, "--role-arn", ROLE, *_profile("dev"))
    ),
    "role in args with the profile's region": IdentityCase(("--role-arn", ROLE, *_profile("dev"))),
    "role in args with keys in the environment": IdentityCase(
        (*REGION, "--role-arn", ROLE), {"AWS_PROFILE": "dev"}, keys("AKIAENV")
    ),
    "role in args over a profile's role": IdentityCase(
        (*REGION, "--role-arn", ROLE, *_profile("admin"))
    ),
    "role in China": IdentityCase(("--region", "cn-north-1", "--role-arn", CHINA)),
    "role in GovCloud": IdentityCase(("--region", "us-gov-west-1", "--role-arn", GOV)),
    "role in an isolated partition": IdentityCase(("--region", "us-iso-east-1", "--role-arn", ISO)),
    "role in a profile": IdentityCase((*REGION, *_profile("admin"))),
    "role in a profile with the profile's region": IdentityCase(_profile("admin")),
    "role in a profile of exec env": IdentityCase((), {"AWS_PROFILE": "admin"}),
    "chained roles": IdentityCase((*REGION, *_profile("chain"))),
    "credential source environment": IdentityCase(
        (*REGION, *_profile("envrole")), environ=keys("AKIAENV")
    ),
    "credential source environment in exec env": IdentityCase(
        (*REGION, *_profile("envrole")), keys("AKIAEXEC"), keys("AKIAENV")
    ),
    "region in exec env": IdentityCase((), {"AWS_DEFAULT_REGION": "eu-south-1"}),
    "AWS_REGION in exec env": IdentityCase((), {"AWS_REGION": "eu-south-1"}),
    "AWS_REGION over AWS_DEFAULT_REGION": IdentityCase(
        (), {"AWS_DEFAULT_REGION": "eu-south-1"}, {"AWS_REGION": "eu-south-2"}
    ),
    "region in args over region in variables": IdentityCase(
        REGION, {"AWS_REGION": "eu-south-1"}, {"AWS_DEFAULT_REGION": "eu-south-2"}
    ),
    "region in the environment over the profile's": IdentityCase(
        ("--role-arn", ROLE, *_profile("dev")), environ={"AWS_DEFAULT_REGION": "eu-south-2"}
    ),
    "region flag over region in args": IdentityCase(
        (*REGION, "--role-arn", ROLE), region="ap-northeast-1"
    ),
    "profile flag over profile in args": IdentityCase((*REGION, *_profile("dev")), profile="plain"),
    "profile flag over keys": IdentityCase(
        REGION, keys("AKIAEXEC"), keys("AKIAENV"), profile="plain"
    ),
    "profile flag with role in args": IdentityCase(
        (*REGION, "--role-arn", ROLE, *_profile("dev")), profile="plain"
    ),
    "profile flag's own region": IdentityCase((), profile="dev"),
    "config files in exec env": IdentityCase(_profile("dev"), OTHER),
    "config files in exec env with role": IdentityCase(
        ("--role-arn", ROLE), {**OTHER, "AWS_PROFILE": "dev"}
    ),
    "config files in the environment": IdentityCase((*REGION, *_profile("dev")), environ=OTHER),
    "web identity in the environment": IdentityCase(REGION, environ=WEB),
    "web identity in exec env": IdentityCase(REGION, WEB),
    "web identity over a profile in a variable": IdentityCase(REGION, WEB, {"AWS_PROFILE": "dev"}),
    "profile in args over web identity": IdentityCase((*REGION, *_profile("dev")), environ=WEB),
    "web identity in a profile": IdentityCase(_profile("webid")),
    "role in args with web identity": IdentityCase((*REGION, "--role-arn", CHINA), WEB),
    "SSO session": IdentityCase(_profile("sso")),
    "SSO session with role in args": IdentityCase((*REGION, "--role-arn", ROLE, *_profile("sso"))),
    "SSO without a session": IdentityCase((*REGION, *_profile("oldsso"))),
    "credential process": IdentityCase(_profile("process")),
    "credential process with role in args": IdentityCase(
        ("--role-arn", ROLE), {"AWS_PROFILE": "process"}
    ),
    "global STS in exec env": IdentityCase(
        ("--region", "us-west-2", "--role-arn", ROLE), {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}
    ),
    "global STS in the environment for a newer region": IdentityCase(
        ("--region", "eu-south-1", "--role-arn", ROLE),
        environ={"AWS_STS_REGIONAL_ENDPOINTS": "legacy"},
    ),
    "global STS in a profile": IdentityCase(("--role-arn", ROLE, *_profile("legacy"))),
    "FIPS in the environment": IdentityCase(
        ("--region", "us-east-2", "--role-arn", ROLE), environ={"AWS_USE_FIPS_ENDPOINT": "true"}
    ),
    "FIPS in a profile": IdentityCase(("--role-arn", ROLE, *_profile("fips"))),
    "FIPS in GovCloud": IdentityCase(
        ("--region", "us-gov-east-1", "--role-arn", GOV), {"AWS_USE_FIPS_ENDPOINT": "true"}
    ),
    "dual stack in exec env": IdentityCase(
        (*REGION, "--role-arn", ROLE), {"AWS_USE_DUALSTACK_ENDPOINT": "true"}
    ),
    "endpoint in the environment": IdentityCase(
        (*REGION, "--role-arn", ROLE), environ={"AWS_ENDPOINT_URL": ENDPOINT}
    ),
    "endpoint of STS in exec env": IdentityCase(
        (*REGION, "--role-arn", ROLE),
        {"AWS_ENDPOINT_URL_STS": "https://sts.private.example"},
        {"AWS_ENDPOINT_URL": ENDPOINT},
    ),
    "endpoint of STS for a profile's role": IdentityCase(
        _profile("admin"), {"AWS_ENDPOINT_URL_STS": "https://sts.private.example"}
    ),
    "endpoint of SSO": IdentityCase(
        _profile("sso"), {"AWS_ENDPOINT_URL_SSO": "https://sso.private.example"}
    ),
    "services section": IdentityCase(("--role-arn", ROLE, *_profile("private"))),
    "services section ignored": IdentityCase(
        ("--role-arn", ROLE, *_profile("private")), {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    ),
    "endpoint ignored": IdentityCase(
        (*REGION, "--role-arn", ROLE),
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_ENDPOINT_URL": ENDPOINT},
    ),
    "flags with an equals sign": IdentityCase(
        ("--region=eu-west-1", "--profile=dev", f"--role-arn={ROLE}")
    ),
    "profile twice in args": IdentityCase((*REGION, *_profile("dev"), *_profile("plain"))),
    "region twice in args": IdentityCase((*REGION, "--region", "us-east-1", "--role-arn", ROLE)),
    "web identity beside keys": IdentityCase(REGION, WEB, keys("AKIAENV")),
    "web identity without a role": IdentityCase(
        REGION, {"AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/web-token"}
    ),
    "web identity without its file": IdentityCase(
        REGION, {**WEB, "AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/none"}
    ),
    "access key without its secret": IdentityCase(REGION, environ={"AWS_ACCESS_KEY_ID": "AKIAX"}),
    "FIPS of a profile turned off": IdentityCase(
        ("--role-arn", ROLE, *_profile("fips")), {"AWS_USE_FIPS_ENDPOINT": "false"}
    ),
    "regional STS over a profile's": IdentityCase(
        ("--role-arn", ROLE, *_profile("legacy")), {"AWS_STS_REGIONAL_ENDPOINTS": "regional"}
    ),
    "FIPS and dual stack": IdentityCase(
        (*REGION, "--role-arn", ROLE),
        {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    ),
    "missing profile beside keys": IdentityCase(REGION, {"AWS_PROFILE": "no"}, keys("AKIAENV")),
    "no files": IdentityCase(
        REGION,
        {"AWS_CONFIG_FILE": "@HOME@/none", "AWS_SHARED_CREDENTIALS_FILE": "@HOME@/none"},
    ),
}
