#!/bin/sh
# Install ehcptime from the wheels beside this file, with no network. Use: sh install.sh [FOLDER]
# FOLDER is made for it (ehcptime-env beside this file unless given) and nothing else on the machine is changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-"$here/ehcptime-env"}
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (@MAJOR@, @MINOR@))' || {
    echo "These wheels are for Python @MAJOR@.@MINOR@: install it, or name it, as in: PYTHON=python@MAJOR@.@MINOR@ sh install.sh" >&2
    exit 1
}

# No settings of pip's own can send it to a network: --no-index leaves it the folder of wheels alone, and every wheel must have its hash.
PIP_CONFIG_FILE=/dev/null
export PIP_CONFIG_FILE
"$python" -m venv "$folder"
"$folder/bin/python" -m pip --isolated install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --require-hashes --requirement "$here/requirements.txt"
"$folder/bin/ehcptime" law plan_final
echo
echo "Installed in $folder. To use it: . \"$folder/bin/activate\" and then: ehcptime --help"
