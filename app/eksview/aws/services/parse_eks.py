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


def cluster(said: Answer) -> ClusterInfo:
    """The Cluster of DescribeCluster; while it is created most of it is missing."""
    vpc = said.get("resourcesVpcConfig") or {}
    network = said.get("kubernetesNetworkConfig") or {}
    return ClusterInfo(
        name=str(said.get("name") or ""),
        arn=str(said.get("arn") or ""),
        status=str(said.get("status") or ""),
        version=str(said.get("version") or ""),
        platform=str(said.get("platformVersion") or ""),
        endpoint=str(said.get("endpoint") or ""),
        ca=str((said.get("certificateAuthority") or {}).get("data") or ""),
        created=seconds(said.get("createdAt")),
        role=str(said.get("roleArn") or ""),
        vpc=str(vpc.get("vpcId") or ""),
        subnets=texts(vpc.get("subnetIds")),
        security_group=str(vpc.get("clusterSecurityGroupId") or ""),
        security_groups=texts(vpc.get("securityGroupIds")),
        public=bool(vpc.get("endpointPublicAccess")),
        private=bool(vpc.get("endpointPrivateAccess")),
        cidrs=texts(vpc.get("publicAccessCidrs")),
        authentication=_authentication(said),
        logging=_logging(said),
        encryption=_encryption(said.get("encryptionConfig")),
        auto_mode=bool((said.get("computeConfig") or {}).get("enabled")),
        deletion_protection=said.get("deletionProtection"),
        tier=str((said.get("controlPlaneScalingConfig") or {}).get("tier") or ""),
        support=str((said.get("upgradePolicy") or {}).get("supportType") or ""),
        service_cidr=str(network.get("serviceIpv4Cidr") or network.get("serviceIpv6Cidr") or ""),
        issuer=str(((said.get("identity") or {}).get("oidc") or {}).get("issuer") or ""),
        issues=issues_of(said.get("health")),
        tags=dict(said.get("tags") or {}),
    )


def with_support(info: ClusterInfo, answer: Answer) -> ClusterInfo:
    """The cluster with what DescribeClusterVersions says of its version."""
    for version in answer.get("clusterVersions") or ():
        if version.get("clusterVersion") == info.version:
            return replace(
                info,
                support_ends=seconds(version.get("endOfStandardSupportDate")),
                extended_ends=seconds(version.get("endOfExtendedSupportDate")),
                support_status=_support(version),
            )
    return info


def nodegroup(said: Answer) -> NodegroupRow:
    """The Nodegroup of DescribeNodegroup."""
    scaling = said.get("scalingConfig") or {}
    groups = (said.get("resources") or {}).get("autoScalingGroups") or ()
    return NodegroupRow(
        name=str(said.get("nodegroupName") or ""),
        arn=str(said.get("nodegroupArn") or ""),
        status=str(said.get("status") or ""),
        version=str(said.get("version") or ""),
        release=str(said.get("releaseVersion") or ""),
        ami_type=str(said.get("amiType") or ""),
        capacity=str(said.get("capacityType") or ""),
        types=texts(said.get("instanceTypes")),
        least=int(scaling.get("minSize") or 0),
        desired=int(scaling.get("desiredSize") or 0),
        most=int(scaling.get("maxSize") or 0),
        autoscaling=tuple(str(group.get("name") or "") for group in groups),
        template=template_of(said.get("launchTemplate")),
        role=str(said.get("nodeRole") or ""),
        subnets=texts(said.get("subnets")),
        issues=issues_of(said.get("health")),
        created=seconds(said.get("createdAt")),
    )


def fargate(said: Answer) -> FargateRow:
    """The FargateProfile of DescribeFargateProfile."""
    return FargateRow(
        name=str(said.get("fargateProfileName") or ""),
        status=str(said.get("status") or ""),
        role=str(said.get("podExecutionRoleArn") or ""),
        selectors=tuple(map(_selector, said.get("selectors") or ())),
        subnets=texts(said.get("subnets")),
    )


def addon(said: Answer, latest: str = "") -> AddonRow:
    """The Addon of DescribeAddon."""
    return AddonRow(
        name=str(said.get("addonName") or ""),
        version=str(said.get("addonVersion") or ""),
        status=str(said.get("status") or ""),
        issues=issues_of(said.get("health")),
        role=str(said.get("serviceAccountRoleArn") or ""),
        latest=latest,
    )


def with_latest(row: AddonRow, latest: str) -> AddonRow:
    """The add-on with the newest version there is for it."""
    return replace(row, latest=latest)


def latest_addon(answer: Answer) -> str:
    """The newest version in DescribeAddonVersions asked for one add-on: they come newest first."""
    for said in answer.get("addons") or ():
        for version in said.get("addonVersions") or ():
            return str(version.get("addonVersion") or "")
    return ""


def update(said: Answer, about: str = "") -> UpdateRow:
    """The Update of DescribeUpdate; `about` as in the row."""
    parameters = said.get("params") or ()
    return UpdateRow(
        id=str(said.get("id") or ""),
        about=about,
        type=str(said.get("type") or ""),
        status=str(said.get("status") or ""),
        started=seconds(said.get("createdAt")),
        parameters=tuple(
            (str(pair.get("type") or ""), str(pair.get("value") or "")) for pair in parameters
        ),
        errors=tuple(
            Issue(
                code=str(error.get("errorCode") or ""),
                message=str(error.get("errorMessage") or ""),
                resources=texts(error.get("resourceIds")),
            )
            for error in said.get("errors") or ()
        ),
    )


def insight(said: Answer) -> InsightRow:
    """An InsightSummary of ListInsights, or the Insight of DescribeInsight, which recommends."""
    status = said.get("insightStatus") or {}
    return InsightRow(
        id=str(said.get("id") or ""),
        name=str(said.get("name") or ""),
        category=str(said.get("category") or ""),
        status=str(status.get("status") or ""),
        reason=str(status.get("reason") or ""),
        version=str(said.get("kubernetesVersion") or ""),
        description=str(said.get("description") or ""),
        recommendation=str(said.get("recommendation") or ""),
        refreshed=seconds(said.get("lastRefreshTime")),
    )


def access_entry(said: Answer, policies: Iterable[Answer] = ()) -> AccessEntryRow:
    """The AccessEntry of DescribeAccessEntry with its policies of ListAssociatedAccessPolicies."""
    return AccessEntryRow(
        principal=str(said.get("principalArn") or ""),
        type=str(said.get("type") or ""),
        user=str(said.get("username") or ""),
        groups=texts(said.get("kubernetesGroups")),
        policies=tuple(map(_policy, policies)),
        created=seconds(said.get("createdAt")),
    )


def _authentication(said: Answer) -> str:
    """Clusters made before access entries say nothing: they have the ConfigMap only."""
    mode = (said.get("accessConfig") or {}).get("authenticationMode")
    return str(mode or ("CONFIG_MAP" if said.get("status") == "ACTIVE" else ""))


def _logging(said: Answer) -> tuple[tuple[str, bool], ...]:
    setups = (said.get("logging") or {}).get("clusterLogging") or ()
    on = {kind for setup in setups if setup.get("enabled") for kind in setup.get("types") or ()}
    return tuple((kind, kind in on) for kind in LOGS)


def _encryption(setups: Iterable[Answer] | None) -> str:
    for setup in setups or ():
        if "secrets" in (setup.get("resources") or ()):
            return str((setup.get("provider") or {}).get("keyArn") or "")
    return ""


def _support(version: Answer) -> str:
    """`versionStatus`, or the older lower-case `status` where only that is sent."""
    said = version.get("versionStatus") or version.get("status") or ""
    return str(said).upper().replace("-", "_")


def _selector(said: Answer) -> str:
    labels = ",".join(f"{key}={value}" for key, value in sorted((said.get("labels") or {}).items()))
    return " ".join(filter(None, (str(said.get("namespace") or ""), labels)))


def _policy(said: Answer) -> str:
    """ "AmazonEKSViewPolicy namespace dev,prod" or "AmazonEKSClusterAdminPolicy cluster"."""
    name = str(said.get("policyArn") or "").rpartition("/")[2]
    scope = said.get("accessScope") or {}
    spaces = ",".join(texts(scope.get("namespaces")))
    return shared(" ".join(filter(None, (name, str(scope.get("type") or ""), spaces))))


def is_final(row: UpdateRow) -> bool:
    """Whether an update's state won't change any more."""
    return row.status in ("Failed", "Cancelled", "Successful")


def names(answer: Answer, listing: str) -> Iterator[str]:
    """The names in a page of ListNodegroups, ListAddons, ListUpdates, ..."""
    for name in answer.get(listing) or ():
        yield str(name)
