"""The volumes of a pod, as `kubectl describe` prints them."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.json_values import Json, at, items, number, word
from eksview.domain.describe.claims import claim_template
from eksview.domain.describe.common import Lines, amount, flag, indented, one_per_line, shortened


class VolumeWords(Struct, frozen=True):
    """The words for a type of volume.

    `fields` are the title and the name of its texts, each with the text for none; `flags`
    those of its truth values. `more` yields the rest.
    """

    title: str
    fields: tuple[tuple[str, str, str], ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    more: Callable[[Json], Lines] | None = None


def _downward(source: Json) -> Lines:
    yield "Items:"
    for item in items(source, "items"):
        for path in (("fieldRef", "fieldPath"), ("resourceFieldRef", "resource")):
            if name := word(item, *path):
                yield f"  {name} -> {word(item, 'path')}"


_PROJECTED = ("secret", "SecretName"), ("configMap", "ConfigMapName")


def _projected(source: Json) -> Lines:
    for entry in items(source, "sources"):
        for key, title in _PROJECTED:
            if key in entry:
                yield f"{title}:\t{word(entry, key, 'name')}"
                yield f"Optional:\t{flag(entry, key, 'optional')}"
        if "downwardAPI" in entry:
            yield "DownwardAPI:\ttrue"
        if "serviceAccountToken" in entry:
            seconds = number(entry, "serviceAccountToken", "expirationSeconds")
            yield f"TokenExpirationSeconds:\t{seconds}"


def _attributes(source: Json) -> Lines:
    """Yield the attributes, which kubectl indents once more than other maps."""
    pairs = at(source, "volumeAttributes") or {}
    entries = [f"    {shortened(f'{key}={word(pairs, key)}')}" for key in sorted(pairs)]
    return one_per_line("VolumeAttributes", entries)


def _ephemeral(source: Json) -> Lines:
    if (template := at(source, "volumeClaimTemplate")) is not None:
        yield from claim_template(template)


_OPTIONAL = (("Optional", "optional"),)
_READ_ONLY = (("ReadOnly", "readOnly"),)
_TYPES: Mapping[str, VolumeWords] = {
    "hostPath": VolumeWords(
        "HostPath (bare host directory volume)",
        (("Path", "path", ""), ("HostPathType", "type", "<none>")),
    ),
    "emptyDir": VolumeWords(
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        (("Medium", "medium", ""), ("SizeLimit", "sizeLimit", "<unset>")),
    ),
    "secret": VolumeWords(
        "Secret (a volume populated by a Secret)", (("SecretName", "secretName", ""),), _OPTIONAL
    ),
    "configMap": VolumeWords(
        "ConfigMap (a volume populated by a ConfigMap)", (("Name", "name", ""),), _OPTIONAL
    ),
    "persistentVolumeClaim": VolumeWords(
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        (("ClaimName", "claimName", ""),),
        _READ_ONLY,
    ),
    "nfs": VolumeWords(
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        (("Server", "server", ""), ("Path", "path", "")),
        _READ_ONLY,
    ),
    "downwardAPI": VolumeWords(
        "DownwardAPI (a volume populated by information about the pod)", more=_downward
    ),
    "projected": VolumeWords(
        "Projected (a volume that contains injected data from multiple sources)", more=_projected
    ),
    "csi": VolumeWords(
        "CSI (a Container Storage Interface (CSI) volume source)",
        (("Driver", "driver", ""), ("FSType", "fsType", "")),
        _READ_ONLY,
        _attributes,
    ),
    "ephemeral": VolumeWords(
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with "
        "the pod)",
        more=_ephemeral,
    ),
    "image": VolumeWords(
        "Image (a container image or OCI artifact)",
        (("Reference", "reference", ""), ("PullPolicy", "pullPolicy", "")),
    ),
}


def volumes(rows: Sequence[Json]) -> Lines:
    """Yield the volumes of a pod template; of a type without words only its name."""
    if not rows:
        yield "  Volumes:\t<none>"
        return
    yield "  Volumes:"
    for volume in rows:
        yield f"   {word(volume, 'name')}:"
        kind = next((key for key in volume if key != "name"), "")
        words = _TYPES.get(kind, VolumeWords(kind or "<unknown>"))
        yield from indented(_entries(words, at(volume, kind)), 2)


_PERSISTENT: Mapping[str, VolumeWords] = {
    **_TYPES,
    "csi": VolumeWords(
        "CSI (a Container Storage Interface (CSI) volume source)",
        (("Driver", "driver", ""), ("FSType", "fsType", ""), ("VolumeHandle", "volumeHandle", "")),
        _READ_ONLY,
        _attributes,
    ),
    "local": VolumeWords(
        "LocalVolume (a persistent volume backed by local storage on a node)",
        (("Path", "path", ""),),
    ),
    "awsElasticBlockStore": VolumeWords(
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        (("VolumeID", "volumeID", ""), ("FSType", "fsType", ""), ("Partition", "partition", "0")),
        _READ_ONLY,
    ),
}
_OTHER_SOURCES = frozenset({"claimRef", "capacity", "nodeAffinity"})
"""Objects in the spec of a persistent volume that aren't its source."""


def volume_source(spec: Json) -> Lines:
    """Yield the source of a persistent volume; of a type without words only its name."""
    maps = (key for key, value in (spec or {}).items() if isinstance(value, Mapping))
    kind = next((key for key in maps if key not in _OTHER_SOURCES), "")
    if not kind:
        yield "  <unknown>"
        return
    entries = _entries(_PERSISTENT.get(kind, VolumeWords(kind)), at(spec, kind))
    yield from indented(entries, 2)


def _entries(words: VolumeWords, source: Json) -> Lines:
    yield f"Type:\t{words.title}"
    yield from (f"{title}:\t{_text(source, key, none)}" for title, key, none in words.fields)
    yield from (f"{title}:\t{flag(source, key)}" for title, key in words.flags)
    if words.more is not None:
        yield from words.more(source)


def _text(source: Json, key: str, none: str) -> str:
    return amount(source, key, empty=none) if key == "sizeLimit" else word(source, key, empty=none)
