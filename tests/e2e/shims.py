"""Programs on PATH that read for real, and check commands that write or take the terminal."""

import shutil
from pathlib import Path

# kubectl reports an unknown flag before it prints its help. A watch ends after a second.
KUBECTL = """#!/bin/sh
for word do
    case "$word" in
    apply) exec {real} "$@" --dry-run=client --validate=false ;;
    auth) break ;;  # `can-i` names verbs
    drain | patch | delete) exec {real} "$@" --dry-run=client ;;
    exec) exec {real} --help=true "$@" >/dev/null ;;  # its last words are for the pod
    create | debug | edit | port-forward) exec {real} "$@" --help >/dev/null ;;
    --watch) exec {real} "$@" --request-timeout=1s ;;
    esac
done
exec {real} "$@"
"""
# `--generate-cli-skeleton output` validates the parameters of an operation without calling it.
# A command that begins with --region is the plugin of a kubeconfig.
# Version 1 of the AWS CLI lacks two commands: their flags are those of the reference of version 2.
AWS = """#!/bin/sh
takes() {{
    allowed=" $1 --region --profile --endpoint-url "
    shift
    while [ $# -gt 0 ]; do
        case "$allowed" in
        *" $1 "*) [ $# -gt 1 ] || exit 252 ;;
        *) echo "Unknown options: $1" >&2; exit 252 ;;
        esac
        shift 2
    done
    exit 0
}}
case "$1 $2" in
"sso login") shift 2; takes "" "$@" ;;
"ec2-instance-connect ssh") shift 2; takes "--instance-id --os-user" "$@" ;;
"iam get-role")  # The role's ARN, which the demo isn't asked for: eksview lists roles.
    {real} "$@" --generate-cli-skeleton output >/dev/null || exit
    echo arn:aws:iam::111122223333:role/path/role; exit ;;
"eks update-kubeconfig" | --region\\ *) exec {real} "$@" ;;
*\\ describe-* | *\\ list-* | *\\ get-*) exec {real} "$@" ;;
esac
exec {real} "$@" --generate-cli-skeleton output >/dev/null
"""
# `ssh -G` reads its arguments and prints what it would use.
SSH = """#!/bin/sh
exec {real} -G "$@" >/dev/null
"""


def write_shims(folder: Path) -> str:
    """Write the programs to a folder and return the folder."""
    folder.mkdir()
    for name, text in (("kubectl", KUBECTL), ("aws", AWS), ("ssh", SSH)):
        shim = folder / name
        shim.write_text(text.format(real=shutil.which(name)))
        shim.chmod(0o755)
    return str(folder)
