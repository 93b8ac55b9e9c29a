# Shared by the scripts in this folder; to be sourced, not run.
# shellcheck shell=bash
set -euo pipefail
# User postgres must be able to look into what root makes here.
umask 022

ADDON=commercial_quote_process
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# Everything that is installed or made lies in this one folder; deleting it undoes it all.
STATE=$(realpath -m "${ODOO_STATE:-$PROJECT/.odoo}")
export ODOO_STATE=$STATE
ADDON_DIR=$PROJECT/addons/$ADDON

say() { printf '== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }
hash_of() { sha256sum | cut -c1-12; }

# --- Odoo and Python: the environment's own, or those that setup/install fetched -------------

odoo_source() { printf '%s' "${ODOO_SOURCE:-$STATE/odoo-root/usr/lib/python3/dist-packages}"; }
odoo_python() { printf '%s' "${ODOO_PYTHON:-$STATE/venv/bin/python}"; }

use_odoo() {
    PYTHONPATH=$(odoo_source)
    export PYTHONPATH ODOO_RC=$STATE/odoo.conf
    # Never import from the folder in which the person happens to stand.
    export PYTHONSAFEPATH=1
    [ -f "$ODOO_RC" ] || die "not installed yet: run setup/install first"
}

# --- PostgreSQL: the server that PGHOST names, or a private cluster ---------------------------
# There are two private clusters: "run" is safe against a power cut, "test" is fast instead.

pg_is_private() { [ -z "${PGHOST:-}" ]; }

pg_tool() { # NAME: the path of a PostgreSQL program, Debian keeps most of them out of PATH
    local found
    found=$(ls -1 /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || found=$(command -v "$1") || return 1
    printf '%s' "$found"
}

pg_as() { # COMMAND...: run it as a user that PostgreSQL accepts, for it refuses root
    # From / because the other user may not be allowed to look into the current folder.
    if is_root; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && "$@")
    fi
}

pg_home() { # the folder of both clusters
    if ! is_root || runuser -u postgres -- test -x "$(dirname "$STATE")"; then
        printf '%s' "$STATE/postgresql"
    else
        # The project lies where user postgres cannot reach it, such as in root's home.
        printf '/var/lib/%s-%s' "$ADDON" "$(printf '%s' "$STATE" | hash_of)"
    fi
}

pg_socket_dir() { # CLUSTER
    local dir
    dir=$(pg_home)/$1.socket
    # The system cuts socket paths at 107 characters; the file name takes 17 of them.
    if [ ${#dir} -gt 90 ]; then
        if is_root; then dir=/run; else dir=${XDG_RUNTIME_DIR:-${TMPDIR:-/var/tmp}}; fi
        dir=$dir/odoo-$1-$(printf '%s' "$STATE" | hash_of)
    fi
    printf '%s' "$dir"
}

pg_up() { # CLUSTER: start the private cluster if it is down, and point libpq and Odoo at it
    if pg_is_private; then
        local home data socket
        home=$(pg_home) data=$home/$1 socket=$(pg_socket_dir "$1")
        [ -f "$data/PG_VERSION" ] || is_root || die "not installed yet: run setup/install first"
        (
            flock 9
            pg_as "$(pg_tool pg_ctl)" -D "$data" status >/dev/null 2>&1 && exit 0
            if is_root; then
                install -d -o postgres -m 700 "$socket"
            else
                mkdir -p -m 700 "$socket"
            fi
            # 9>&- : the server must not inherit, and so keep, the lock.
            pg_as "$(pg_tool pg_ctl)" -D "$data" -w -t 60 -l "$home/$1.log" \
                -o "-c unix_socket_directories='$socket'" start >/dev/null 9>&- ||
                die "PostgreSQL does not start; the reason is at the end of $home/$1.log"
        ) 9>"$STATE/postgresql.lock"
        export PGHOST=$socket PGUSER=odoo PG_PRIVATE=$1
        unset PGPORT PGPASSWORD PGSERVICE
    fi
    export PGUSER=${PGUSER:-$(id -un)} PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-10}
    # A database named in the environment is not the one that the scripts mean.
    unset PGDATABASE
}

pg_down() { # CLUSTER: stop the private cluster, unless somebody else is using it
    [ "${PG_PRIVATE:-}" = "$1" ] || return 0
    [ "$(db_query postgres "SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid != pg_backend_pid()")" = 0 ] || return 0
    pg_as "$(pg_tool pg_ctl)" -D "$(pg_home)/$1" -m fast -w stop >/dev/null
}

db_query() { # DATABASE SQL: values without decoration
    "$(pg_tool psql)" -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "$2"
}
db_exists() { [ "$(db_query postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
drop_database() { # DATABASE: with its files
    db_query postgres "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" >/dev/null 2>&1
    rm -rf "$STATE/data/filestore/$1"
}
rename_database() { # FROM TO: with its files; replaces TO
    drop_database "$2"
    if [ -d "$STATE/data/filestore/$1" ]; then
        mv "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
    fi
    db_query postgres "ALTER DATABASE \"$1\" RENAME TO \"$2\"" >/dev/null
}
copy_database() { # FROM TO: with its files
    drop_database "$2"
    db_query postgres "CREATE DATABASE \"$2\" TEMPLATE \"$1\"" >/dev/null
    mkdir -p "$STATE/data/filestore"
    if [ -d "$STATE/data/filestore/$1" ]; then
        cp -r "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
    fi
}

# --- The addon --------------------------------------------------------------------------------

addon_depends() {
    "$(odoo_python)" -c "import ast, sys
print(','.join(ast.literal_eval(open(sys.argv[1]).read())['depends']))" "$ADDON_DIR/__manifest__.py"
}
addon_hash() { # changes with every file of the addon
    (cd "$ADDON_DIR" && find . -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum) |
        hash_of
}
run_odoo() { # LOG ARGS...: Odoo with its log in a file; stops the script when it fails
    local log=$STATE/log/$1.log
    shift
    rm -f "$log"
    "$(odoo_python)" -m odoo "$@" --http-port "$(free_port)" --logfile "$log" </dev/null >"$log.out" 2>&1 || {
        tail -n 20 "$log" >&2
        die "Odoo stopped with an error; the log is $log"
    }
}
free_port() {
    "$(odoo_python)" -c "import socket
probe = socket.socket()
probe.bind(('127.0.0.1', 0))
print(probe.getsockname()[1])"
}
make_template() { # sets TEMPLATE: a database with what the addon depends on, made once
    local depends
    depends=$(addon_depends)
    TEMPLATE=test_template_$( (printf '%s' "$depends"; cat "$(odoo_source)/odoo/release.py") | hash_of)
    (
        # Two scripts that start together must not both make it.
        flock 9
        if db_exists "$TEMPLATE"; then exit 0; fi
        say "making the template database"
        drop_database "$TEMPLATE.new"
        run_odoo template -d "$TEMPLATE.new" -i "$depends" --stop-after-init 9>&-
        rename_database "$TEMPLATE.new" "$TEMPLATE"
    ) 9>"$STATE/template.lock"
}
