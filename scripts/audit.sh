#!/usr/bin/env bash
# Fails on a known vulnerability (high or above) of a runtime dependency. Reports a registry without audit data.
set -uo pipefail
cd "$(dirname "$0")/.."

report=$(npm audit --omit=dev --audit-level=high --json 2>/dev/null)
status=$?
if ! grep -q '"auditReportVersion"' <<<"$report"; then
  echo 'npm audit: NOT CHECKED, the registry gives no answer about known holes'
  exit 0
fi
if [ $status -ne 0 ]; then
  npm audit --omit=dev --audit-level=high
  exit 1
fi
echo 'npm audit: no known holes of level high or above'
