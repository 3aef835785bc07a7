"""A user with sudo: nobody, in a mount namespace that ends with the command, where `sudo` is a setuid program
that runs another as root, its child, as sudo does. The kernel treats it as it treats sudo."""

from __future__ import annotations

from pathlib import Path

from tests.dev.checkout import NOBODY

# $1: an empty folder, in which the setuid program lies where nobody else sees it.
USER = f"""\
mount -t tmpfs -o mode=755 tmpfs "$1"
install --mode 4755 /usr/bin/setpriv "$1/as-root"
cat >"$1/sudo" <<'END'
#!/bin/bash
while [ $# -gt 0 ]; do case $1 in --) shift && break ;; -*) shift ;; *) break ;; esac; done
[ $# -gt 0 ] || exit 0
exec "$(dirname "$0")/as-root" --reuid 0 --regid 0 --clear-groups \\
  env --ignore-environment "PATH=$PATH" "SUDO_UID=$(id -u)" "SUDO_GID=$(id -g)" \\
  bash -c '"$@"; exit $?' sudo "$@"
END
chmod 755 "$1/sudo"
export PATH="$1:$PATH"
shift
exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "$@"
"""


def as_user(folder: Path, *command: str) -> tuple[str, ...]:
    """The command line; its process is `command`'s own. `folder` is made, in one that any user can reach."""
    folder.mkdir(mode=0o755)
    return ("unshare", "--mount", "bash", "-ec", USER, "user", str(folder), *command)
