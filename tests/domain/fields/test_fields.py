"""The fields of objects to copy: full values, in the forms that kubectl and AWS take."""

from eksview.domain.fields.aws_fields import INSTANCE_FIELDS, instance_arn
from eksview.domain.fields.field import FieldValue, together, values_of, without_repeats
from eksview.domain.fields.kube_fields import (
    NODE_FIELDS,
    POD_FIELDS,
    object_values,
    printed_name,
)
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.aws import AwsIdentity
from tests.ui.aws_account import instance
from tests.ui.harness import node, pod

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop", "uid": "u-1", "labels": {"b": "2", "a": "1"}},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "spec": {
                "serviceAccountName": "web",
                "initContainers": [{"name": "wait", "image": "busybox:1.36"}],
                "containers": [
                    {
                        "name": "web",
                        "image": "nginx:1.27",
                        "command": ["nginx", "-q"],
                    },
                    {"name": "proxy", "image": "envoy:1.31"},
                ],
            }
        },
    },
}
SERVICE = {
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"clusterIP": "172.20.1.2", "selector": {"app": "web"}},
    "status": {"loadBalancer": {"ingress": [{"hostname": "a1.elb.amazonaws.com"}]}},
}


def by_title(values) -> dict[str, str]:
    return {value.title: value.text for value in values}


def test_a_kind_and_name_is_what_kubectl_get_o_name_prints() -> None:
    assert printed_name(ObjectRef("v1", "Pod", "pods", "web-1", "shop")) == "pod/web-1"
    deployment = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    assert printed_name(deployment) == "deployment.apps/web"


def test_a_workloads_images_and_commands_are_those_of_its_template() -> None:
    fields = by_title(object_values(DEPLOYMENT))
    assert fields == {
        "UID": "u-1",
        "Labels": "a=1,b=2",
        "Selector": "app=web",
        "Images": "busybox:1.36\nnginx:1.27\nenvoy:1.31",
        "Command": '["nginx", "-q"]',
        "Service account": "web",
    }


def test_a_services_addresses_and_plain_selector_are_fields() -> None:
    fields = by_title(object_values(SERVICE))
    assert fields["Cluster IP"] == "172.20.1.2"
    assert fields["Load balancer"] == "a1.elb.amazonaws.com"
    assert fields["Selector"] == "app=web"


def test_what_an_object_does_not_have_is_no_field() -> None:
    assert by_title(object_values({"metadata": {"name": "x"}, "spec": None})) == {}


def test_a_credential_in_a_command_is_masked() -> None:
    whole = {"spec": {"containers": [{"command": ["curl", "-H", "password=hunter2hunter2"]}]}}
    assert "hunter2" not in by_title(object_values(whole))["Command"]


def test_an_escape_in_an_annotation_like_value_is_text() -> None:
    whole = {"spec": {"nodeName": "evil\x1b]52;c;eA==\a"}}
    assert "\x1b" not in by_title(object_values(whole))["Node"]


def test_the_fields_of_rows_have_their_full_values() -> None:
    fields = by_title(values_of(NODE_FIELDS, node(0)))
    assert fields["Provider ID"] == node(0).provider_id
    assert fields["Instance ID"] == node(0).provider_id.rpartition("/")[2]
    assert fields["Zone"] == "us-west-2a"
    assert "External IP" not in fields
    assert by_title(values_of(POD_FIELDS, pod(0, "n1")))["Owner"] == "ReplicaSet/web-7d876db474"


def test_an_instances_arn_has_its_partition_region_and_account() -> None:
    identity = AwsIdentity("123456789012", "arn:aws-cn:iam::123456789012:user/x", "cn-north-1", "c")
    arn = "arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-0abc"
    assert instance_arn(identity, "i-0abc") == arn
    assert by_title(values_of(INSTANCE_FIELDS, instance(0)))["VPC"].startswith("vpc-")


def test_of_each_title_the_first_value_counts_in_its_place() -> None:
    values = [FieldValue("a", "1"), FieldValue("b", "2"), FieldValue("a", "3")]
    assert without_repeats(values) == (FieldValue("a", "1"), FieldValue("b", "2"))


def test_fields_of_several_objects_are_below_each_other() -> None:
    both = together(
        [[FieldValue("IP", "10.0.0.1")], [FieldValue("IP", "10.0.0.2"), FieldValue("x", "", "why")]]
    )
    assert both == (FieldValue("IP", "10.0.0.1\n10.0.0.2"), FieldValue("x", "", "why"))
