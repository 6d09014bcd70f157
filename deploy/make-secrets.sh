#!/bin/sh
# Makes the passwords of docker-compose.yml, once: what is there stays, and nothing is printed.
#
# Containers run as users of their own and read these files through bind mounts, so the files are readable; who else may
# reach them is decided by the directory, which only its owner may enter.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
cd secrets

keep() {
  chmod 444 "$1.new"
  mv "$1.new" "$1"
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

for name in clickhouse_writer clickhouse_reader grafana_admin grafana_secret_key; do
  [ -e "$name" ] && continue
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$name.new"
  keep "$name"
done

# ClickHouse itself knows no password, only what proves one.
cat >clickhouse_hashes.yaml.new <<YAML
users:
  trailhouse:
    password_sha256_hex: "$(sha256 <clickhouse_writer)"
  grafana:
    password_sha256_hex: "$(sha256 <clickhouse_reader)"
YAML
keep clickhouse_hashes.yaml
