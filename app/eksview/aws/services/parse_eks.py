"""EKS's answers -> rows and the cluster's fact (Amazon EKS API Reference)."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import issues_of, seconds, shared, template_of, text, texts
from eksview.domain.base.text import EMPTY, Clean
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

LOGS = (
    Clean("api"),
    Clean("audit"),
    Clean("authenticator"),
    Clean("controllerManager"),
    Clean("scheduler"),
)


def cluster(item: Answer) -> ClusterInfo:
    """Return the Cluster of DescribeCluster; most of it is missing during creation."""
    vpc = item.get("resourcesVpcConfig") or {}
    network = item.get("kubernetesNetworkConfig") or {}
    return ClusterInfo(
        name=text(item.get("name")),
        arn=text(item.get("arn")),
        status=text(item.get("status")),
        version=text(item.get("version")),
        platform=text(item.get("platformVersion")),
        endpoint=text(item.get("endpoint")),
        ca=str((item.get("certificateAuthority") or {}).get("data") or "").encode(),
        created=seconds(item.get("createdAt")),
        role=text(item.get("roleArn")),
        vpc=text(vpc.get("vpcId")),
        subnets=texts(vpc.get("subnetIds")),
        security_group=text(vpc.get("clusterSecurityGroupId")),
        security_groups=texts(vpc.get("securityGroupIds")),
        public=bool(vpc.get("endpointPublicAccess")),
        private=bool(vpc.get("endpointPrivateAccess")),
        cidrs=texts(vpc.get("publicAccessCidrs")),
        authentication=_authentication(item),
        logging=_logging(item),
        encryption=_encryption(item.get("encryptionConfig")),
        auto_mode=bool((item.get("computeConfig") or {}).get("enabled")),
        deletion_protection=item.get("deletionProtection"),
        tier=text((item.get("controlPlaneScalingConfig") or {}).get("tier")),
        support=text((item.get("upgradePolicy") or {}).get("supportType")),
        service_cidr=text(network.get("serviceIpv4Cidr") or network.get("serviceIpv6Cidr")),
        issuer=text(((item.get("identity") or {}).get("oidc") or {}).get("issuer")),
        issues=_issues(item),
        local_id=text(item.get("id")),
        tags={shared(key): text(value) for key, value in (item.get("tags") or {}).items()},
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
        name=text(item.get("nodegroupName")),
        arn=text(item.get("nodegroupArn")),
        status=text(item.get("status")),
        version=text(item.get("version")),
        release=text(item.get("releaseVersion")),
        ami_type=text(item.get("amiType")),
        capacity=text(item.get("capacityType")),
        types=texts(item.get("instanceTypes")),
        least=int(scaling.get("minSize") or 0),
        desired=int(scaling.get("desiredSize") or 0),
        most=int(scaling.get("maxSize") or 0),
        autoscaling=tuple(text(group.get("name")) for group in groups),
        template=template_of(item.get("launchTemplate")),
        role=text(item.get("nodeRole")),
        subnets=texts(item.get("subnets")),
        issues=_issues(item),
        created=seconds(item.get("createdAt")),
    )


def fargate(item: Answer) -> FargateRow:
    return FargateRow(
        name=text(item.get("fargateProfileName")),
        status=text(item.get("status")),
        role=text(item.get("podExecutionRoleArn")),
        selectors=tuple(map(_selector, item.get("selectors") or ())),
        subnets=texts(item.get("subnets")),
    )


def addon(item: Answer, latest: Clean = EMPTY) -> AddonRow:
    return AddonRow(
        name=text(item.get("addonName")),
        version=text(item.get("addonVersion")),
        status=text(item.get("status")),
        issues=_issues(item),
        role=text(item.get("serviceAccountRoleArn")),
        latest=latest,
    )


def latest_addon(answer: Answer) -> Clean:
    """Return the newest version of DescribeAddonVersions for one add-on, which comes first."""
    for item in answer.get("addons") or ():
        for version in item.get("addonVersions") or ():
            return text(version.get("addonVersion"))
    return EMPTY


def update(item: Answer, about: Clean = EMPTY) -> UpdateRow:
    """Return the Update of DescribeUpdate; `about` as in the row."""
    parameters = item.get("params") or ()
    return UpdateRow(
        id=text(item.get("id")),
        about=about,
        type=text(item.get("type")),
        status=text(item.get("status")),
        started=seconds(item.get("createdAt")),
        parameters=tuple((text(pair.get("type")), text(pair.get("value"))) for pair in parameters),
        errors=issues_of(item.get("errors")),
    )


def insight(item: Answer) -> InsightRow:
    """Return an InsightSummary of ListInsights or the Insight of DescribeInsight."""
    status = item.get("insightStatus") or {}
    return InsightRow(
        id=text(item.get("id")),
        name=text(item.get("name")),
        category=text(item.get("category")),
        status=text(status.get("status")),
        reason=text(status.get("reason")),
        version=text(item.get("kubernetesVersion")),
        description=text(item.get("description")),
        recommendation=text(item.get("recommendation")),
        refreshed=seconds(item.get("lastRefreshTime")),
    )


def access_entry(item: Answer) -> AccessEntryRow:
    """Return the AccessEntry of DescribeAccessEntry, without policies."""
    return AccessEntryRow(
        principal=text(item.get("principalArn")),
        type=text(item.get("type")),
        user=text(item.get("username")),
        groups=texts(item.get("kubernetesGroups")),
        policies=(),
        created=seconds(item.get("createdAt")),
    )


def with_policies(row: AccessEntryRow, policies: Iterable[Answer]) -> AccessEntryRow:
    """Return an entry with the policies of ListAssociatedAccessPolicies."""
    return replace(row, policies=tuple(map(_policy, policies)))


def _issues(item: Answer) -> tuple[Issue, ...]:
    return issues_of((item.get("health") or {}).get("issues"))


def _authentication(item: Answer) -> Clean:
    """Return the mode; clusters older than access entries report none and have the ConfigMap."""
    mode = (item.get("accessConfig") or {}).get("authenticationMode")
    return text(mode or ("CONFIG_MAP" if item.get("status") == "ACTIVE" else ""))


def _logging(item: Answer) -> tuple[tuple[Clean, bool], ...]:
    setups = (item.get("logging") or {}).get("clusterLogging") or ()
    on = {kind for setup in setups if setup.get("enabled") for kind in setup.get("types") or ()}
    return tuple((kind, kind in on) for kind in LOGS)


def _encryption(setups: Iterable[Answer] | None) -> Clean:
    for setup in setups or ():
        if "secrets" in (setup.get("resources") or ()):
            return text((setup.get("provider") or {}).get("keyArn"))
    return EMPTY


def _support(version: Answer) -> Clean:
    """Return `versionStatus`, or the older lower-case `status`."""
    item = version.get("versionStatus") or version.get("status") or ""
    return text(str(item).upper().replace("-", "_"))


def _selector(item: Answer) -> Clean:
    labels = ",".join(f"{key}={value}" for key, value in sorted((item.get("labels") or {}).items()))
    return text(" ".join(filter(None, (str(item.get("namespace") or ""), labels))))


def _policy(item: Answer) -> Clean:
    """Return "AmazonEKSViewPolicy namespace dev,prod" or "AmazonEKSClusterAdminPolicy cluster"."""
    name = text(item.get("policyArn")).rpartition("/")[2]
    scope = item.get("accessScope") or {}
    spaces = ",".join(texts(scope.get("namespaces")))
    return shared(" ".join(filter(None, (name, text(scope.get("type")), spaces))))


def is_final(row: UpdateRow) -> bool:
    """Return whether an update has ended."""
    return row.status in ("Failed", "Cancelled", "Successful")


def names(answer: Answer, listing: str) -> Iterator[str]:
    """Yield the names in a page of ListNodegroups, ListAddons, ListUpdates, ..."""
    for name in answer.get(listing) or ():
        yield str(name)
