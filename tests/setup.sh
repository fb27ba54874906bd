#!/usr/bin/env bash
# Installs what is missing, and says what it installs: with `build` what the product is built with, without it also what
# the tests run beside the product.
#
# Meant for Debian 12 as root with Rust in place. It may be run as often as one likes: a second run changes nothing.
# A counterpart that cannot be had fails the run, for a test that skips proves nothing.
set -euo pipefail
cd "$(dirname "$0")"

# A command or a file by which a package is known, and the package.
TO_BUILD="
make                                                  make
pkg-config                                            pkg-config
gcc                                                   gcc
/usr/include/stdlib.h                                 libc6-dev
/usr/include/openssl/ssl.h                            libssl-dev
/etc/ssl/certs/ca-certificates.crt                    ca-certificates
"
# SimpleSAMLphp wants a web server and PHP in it, by default Apache on port 80. The tests serve it with `php -S`; php8.2-cgi
# and mini-httpd content it and start nothing.
TO_TEST="
/usr/bin/chromium                                     chromium
/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
npm                                                   npm
openssl                                               openssl
/usr/bin/php-cgi8.2                                   php8.2-cgi
/usr/sbin/mini_httpd                                  mini-httpd
php                                                   php-cli
/usr/share/simplesamlphp/www/module.php               simplesamlphp
/etc/php/8.2/cli/conf.d/20-dom.ini                    php-xml
/etc/php/8.2/cli/conf.d/20-mbstring.ini               php-mbstring
xmlsec1                                               xmlsec1
/usr/include/xmlsec1/xmlsec/xmlsec.h                  libxmlsec1-dev
/usr/include/libxml2/libxml/parser.h                  libxml2-dev
/usr/lib/llvm-14/lib/libclang.so                      libclang-14-dev
/usr/sbin/samba                                       samba
/usr/share/samba/setup/provision.ldif                 samba-ad-provision
/usr/share/doc/samba-dsdb-modules/copyright           samba-dsdb-modules
/usr/share/doc/samba-vfs-modules/copyright            samba-vfs-modules
/usr/sbin/slapd                                       slapd
/usr/bin/ldapsearch                                   ldap-utils
/usr/sbin/dnsmasq                                     dnsmasq-base
/usr/bin/oathtool                                     oathtool
"

say() {
  printf 'setup: %s\n' "$*"
}

main() {
  local missing wanted="$TO_BUILD"
  [[ ${1:-} == build ]] || wanted+="$TO_TEST"
  mapfile -t missing < <(missing_packages "$wanted" "${1:-}")
  if ((${#missing[@]} > 0)); then
    install_packages "${missing[@]}"
  fi
  [[ ${1:-} != build ]] || return 0
  if ! cmp --silent counterparts/package-lock.json counterparts/node_modules/.installed-lock; then
    install_modules
  fi
  if ! cmp --silent counterparts/requirements.txt counterparts/.venv/.installed-requirements; then
    install_verifiers
  fi
  say "ready: $(/usr/bin/chromium --version 2>/dev/null | cut -d' ' -f1,2), node $(counterparts/node_modules/node/bin/node --version)"
}

missing_packages() {
  local sign package
  while read -r sign package; do
    [[ -z $sign || -e $sign ]] || command -v "$sign" >/dev/null || printf '%s\n' "$package"
  done <<<"$1"
  # Debian ships the module that makes environments apart from Python itself.
  [[ $2 == build ]] || python3 -c 'import ensurepip, venv' 2>/dev/null || printf '%s\n' python3-venv
}

install_packages() {
  say "installing $* (apt)"
  if ((EUID != 0)); then
    say "that needs root: apt-get install --no-install-recommends $*"
    exit 1
  fi
  start_no_services
  patiently apt-get update -q
  patiently env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# samba and slapd are servers, and Debian starts a server that it installs. On the ports of every address they would stand in
# the way of those that the tests start.
start_no_services() {
  local policy=/usr/sbin/policy-rc.d
  [[ ! -e $policy ]] || return 0
  trap "rm -f $policy" EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
}

# Another apt on the machine holds the lists or the database for a while.
patiently() {
  local try
  for try in 1 2 3 4 5 6; do
    "$@" -o DPkg::Lock::Timeout=120 && return
    say "'$*' failed (try $try of 6)"
    sleep $((try * 5))
  done
  exit 1
}

# Debian's own node is 18, too old for oidc-provider 9 and playwright-core: node 22 comes with the lock file, as a
# package that holds the binary. No script of any package runs.
install_modules() {
  say "installing the node modules of tests/counterparts (npm ci)"
  (
    cd counterparts
    npm ci --ignore-scripts --no-audit --no-fund
    ln -sfn "node-linux-$(node_architecture)" node_modules/node
    node_modules/node/bin/node --version >/dev/null
    cp package-lock.json node_modules/.installed-lock
  )
}

# The file names every package with its version, so pip has nothing to resolve and nothing to build.
install_verifiers() {
  say "installing the Python modules of tests/counterparts (pip)"
  python3 -m venv --clear counterparts/.venv
  counterparts/.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    -r counterparts/requirements.txt
  cp counterparts/requirements.txt counterparts/.venv/.installed-requirements
}

node_architecture() {
  case "$(uname -m)" in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *) say "no node binary is pinned for $(uname -m)" >&2 && exit 1 ;;
  esac
}

main "$@"
