# Shared by the scripts here; source it. Sets where things are kept and how to speak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source versions.env

# Outside the clone, so that a fresh clone on the same machine starts warm.
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/distillery"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
mkdir -p "$CACHE"

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
fail() { printf '\033[1;31m✗ %s\033[0m\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# apt_install PURPOSE PACKAGE...: installs as root, or says the command that does.
apt_install() {
  local purpose="$1"; shift
  if [ "$(id -u)" = 0 ]; then
    say "Installing for $purpose: $*"
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2 ||
      fail "Debian's packages $* could not be installed; run: apt-get install $*"
  else
    fail "$purpose is missing; run: sudo apt-get install -y $*"
  fi
}
