"""EKS's answers -> rows and the cluster's fact (Amazon EKS API Reference)."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import issues_of, seconds, shared, template_of, texts
from eksview.domain.rows.aws import (
    AccessEntryRow,
    AddonRow,
    ClusterInfo,
    FargateRow,
    InsightRow,
    Issue,
    NodegroupRow,
    UpdateRow,
)

LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def cluster(item: Answer) -> ClusterInfo:
    """Return the Cluster of DescribeCluster; most of it is missing during creation."""
    vpc = item.get("resourcesVpcConfig") or {}
    network = item.get("kubernetesNetworkConfig") or {}
    return ClusterInfo(
        name=str(item.get("name") or ""),
        arn=str(item.get("arn") or ""),
        status=str(item.get("status") or ""),
        version=str(item.get("version") or ""),
        platform=str(item.get("platformVersion") or ""),
        endpoint=str(item.get("endpoint") or ""),
        ca=str((item.get("certificateAuthority") or {}).get("data") or ""),
        created=seconds(item.get("createdAt")),
        role=str(item.get("roleArn") or ""),
        vpc=str(vpc.get("vpcId") or ""),
        subnets=texts(vpc.get("subnetIds")),
        security_group=str(vpc.get("clusterSecurityGroupId") or ""),
        security_groups=texts(vpc.get("securityGroupIds")),
        public=bool(vpc.get("endpointPublicAccess")),
        private=bool(vpc.get("endpointPrivateAccess")),
        cidrs=texts(vpc.get("publicAccessCidrs")),
        authentication=_authentication(item),
        logging=_logging(item),
        encryption=_encryption(item.get("encryptionConfig")),
        auto_mode=bool((item.get("computeConfig") or {}).get("enabled")),
        deletion_protection=item.get("deletionProtection"),
        tier=str((item.get("controlPlaneScalingConfig") or {}).get("tier") or ""),
        support=str((item.get("upgradePolicy") or {}).get("supportType") or ""),
        service_cidr=str(network.get("serviceIpv4Cidr") or network.get("serviceIpv6Cidr") or ""),
        issuer=str(((item.get("identity") or {}).get("oidc") or {}).get("issuer") or ""),
        issues=_issues(item),
        tags=dict(item.get("tags") or {}),
    )


def with_support(info: ClusterInfo, answer: Answer) -> ClusterInfo:
    """Return the cluster with its version's support from DescribeClusterVersions."""
    for version in answer.get("clusterVersions") or ():
        if version.get("clusterVersion") == info.version:
            return replace(
                info,
                support_ends=seconds(version.get("endOfStandardSupportDate")),
                extended_ends=seconds(version.get("endOfExtendedSupportDate")),
                support_status=_support(version),
            )
    return info


def nodegroup(item: Answer) -> NodegroupRow:
    scaling = item.get("scalingConfig") or {}
    groups = (item.get("resources") or {}).get("autoScalingGroups") or ()
    return NodegroupRow(
        name=str(item.get("nodegroupName") or ""),
        arn=str(item.get("nodegroupArn") or ""),
        status=str(item.get("status") or ""),
        version=str(item.get("version") or ""),
        release=str(item.get("releaseVersion") or ""),
        ami_type=str(item.get("amiType") or ""),
        capacity=str(item.get("capacityType") or ""),
        types=texts(item.get("instanceTypes")),
        least=int(scaling.get("minSize") or 0),
        desired=int(scaling.get("desiredSize") or 0),
        most=int(scaling.get("maxSize") or 0),
        autoscaling=tuple(str(group.get("name") or "") for group in groups),
        template=template_of(item.get("launchTemplate")),
        role=str(item.get("nodeRole") or ""),
        subnets=texts(item.get("subnets")),
        issues=_issues(item),
        created=seconds(item.get("createdAt")),
    )


def fargate(item: Answer) -> FargateRow:
    return FargateRow(
        name=str(item.get("fargateProfileName") or ""),
        status=str(item.get("status") or ""),
        role=str(item.get("podExecutionRoleArn") or ""),
        selectors=tuple(map(_selector, item.get("selectors") or ())),
        subnets=texts(item.get("subnets")),
    )


def addon(item: Answer, latest: str = "") -> AddonRow:
    return AddonRow(
        name=str(item.get("addonName") or ""),
        version=str(item.get("addonVersion") or ""),
        status=str(item.get("status") or ""),
        issues=_issues(item),
        role=str(item.get("serviceAccountRoleArn") or ""),
        latest=latest,
    )


def latest_addon(answer: Answer) -> str:
    """Return the newest version of DescribeAddonVersions for one add-on, which comes first."""
    for item in answer.get("addons") or ():
        for version in item.get("addonVersions") or ():
            return str(version.get("addonVersion") or "")
    return ""


def update(item: Answer, about: str = "") -> UpdateRow:
    """Return the Update of DescribeUpdate; `about` as in the row."""
    parameters = item.get("params") or ()
    return UpdateRow(
        id=str(item.get("id") or ""),
        about=about,
        type=str(item.get("type") or ""),
        status=str(item.get("status") or ""),
        started=seconds(item.get("createdAt")),
        parameters=tuple(
            (str(pair.get("type") or ""), str(pair.get("value") or "")) for pair in parameters
        ),
        errors=issues_of(item.get("errors")),
    )


def insight(item: Answer) -> InsightRow:
    """Return an InsightSummary of ListInsights or the Insight of DescribeInsight."""
    status = item.get("insightStatus") or {}
    return InsightRow(
        id=str(item.get("id") or ""),
        name=str(item.get("name") or ""),
        category=str(item.get("category") or ""),
        status=str(status.get("status") or ""),
        reason=str(status.get("reason") or ""),
        version=str(item.get("kubernetesVersion") or ""),
        description=str(item.get("description") or ""),
        recommendation=str(item.get("recommendation") or ""),
        refreshed=seconds(item.get("lastRefreshTime")),
    )


def access_entry(item: Answer, policies: Iterable[Answer] = ()) -> AccessEntryRow:
    """Return the AccessEntry of DescribeAccessEntry with its associated policies."""
    return AccessEntryRow(
        principal=str(item.get("principalArn") or ""),
        type=str(item.get("type") or ""),
        user=str(item.get("username") or ""),
        groups=texts(item.get("kubernetesGroups")),
        policies=tuple(map(_policy, policies)),
        created=seconds(item.get("createdAt")),
    )


def _issues(item: Answer) -> tuple[Issue, ...]:
    return issues_of((item.get("health") or {}).get("issues"))


def _authentication(item: Answer) -> str:
    """Return the mode; clusters older than access entries report none and have the ConfigMap."""
    mode = (item.get("accessConfig") or {}).get("authenticationMode")
    return str(mode or ("CONFIG_MAP" if item.get("status") == "ACTIVE" else ""))


def _logging(item: Answer) -> tuple[tuple[str, bool], ...]:
    setups = (item.get("logging") or {}).get("clusterLogging") or ()
    on = {kind for setup in setups if setup.get("enabled") for kind in setup.get("types") or ()}
    return tuple((kind, kind in on) for kind in LOGS)


def _encryption(setups: Iterable[Answer] | None) -> str:
    for setup in setups or ():
        if "secrets" in (setup.get("resources") or ()):
            return str((setup.get("provider") or {}).get("keyArn") or "")
    return ""


def _support(version: Answer) -> str:
    """Return `versionStatus`, or the older lower-case `status`."""
    item = version.get("versionStatus") or version.get("status") or ""
    return str(item).upper().replace("-", "_")


def _selector(item: Answer) -> str:
    labels = ",".join(f"{key}={value}" for key, value in sorted((item.get("labels") or {}).items()))
    return " ".join(filter(None, (str(item.get("namespace") or ""), labels)))


def _policy(item: Answer) -> str:
    """Return "AmazonEKSViewPolicy namespace dev,prod" or "AmazonEKSClusterAdminPolicy cluster"."""
    name = str(item.get("policyArn") or "").rpartition("/")[2]
    scope = item.get("accessScope") or {}
    spaces = ",".join(texts(scope.get("namespaces")))
    return shared(" ".join(filter(None, (name, str(scope.get("type") or ""), spaces))))


def is_final(row: UpdateRow) -> bool:
    """Return whether an update has ended."""
    return row.status in ("Failed", "Cancelled", "Successful")


def names(answer: Answer, listing: str) -> Iterator[str]:
    """Yield the names in a page of ListNodegroups, ListAddons, ListUpdates, ..."""
    for name in answer.get(listing) or ():
        yield str(name)
