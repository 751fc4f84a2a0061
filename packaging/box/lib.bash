# What the box's scripts share. Sourced by bash.
# shellcheck shell=bash disable=SC2034

# Otherwise an error inside $(…) goes unnoticed.
shopt -s inherit_errexit

box=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { echo "box: $*"; }

die() {
    echo "box: $*" >&2
    exit 1
}

# Fails with the log to read and the command to type next: fail WHAT LOG NEXT
fail() {
    echo "box: $1" >&2
    if [[ -s $2 ]]; then
        tail -n 5 "$2" | sed 's/^/     | /' >&2
    fi
    echo "     log:  $2" >&2
    echo "     next: $3" >&2
    exit 1
}

# Names the run folder, and what is derived from it so that two checkouts do not collide.
open_run() {
    [[ $# == 1 && -n $1 ]] || die "the run folder is missing"
    [[ $EUID == 0 ]] || die "root is needed to make namespaces"
    run=$(realpath -m "$1")
    [[ $run =~ ^[A-Za-z0-9/._+@-]+$ ]] || die "the path $run has characters that configuration files would need quoted: use another folder"
    hash=$(printf '%s' "$run" | sha256sum | cut -c1-6)
    # The way to the run folder that sockets are named by: their paths may have no more than 108 bytes.
    short=/run/stratiform-$hash
    mkdir -p "$run/logs" "$run/hosts"
    [[ $(readlink "$short") == "$run" ]] || ln -sfn "$run" "$short"
}

# Every process of the box is started with STRATIFORM_BOX=HASH/WHAT, by which it is found again after any crash.
mark() { echo "$hash/$1"; }

# The processes that were started as WHAT; several or none.
processes() { environment_holders -zsxlF "STRATIFORM_BOX=$(mark "$1")"; }

# All processes of the box whose mark begins with PREFIX.
processes_below() { environment_holders -zsl "^STRATIFORM_BOX=$(mark "$1")"; }

environment_holders() {
    local file
    { grep "$@" /proc/[0-9]*/environ || :; } | while IFS=/ read -r _ _ file _; do
        # A zombie is gone already; only its parent has not noticed.
        [[ $file == "$$" || $(process_state "$file") == [ZX] ]] || echo "$file"
    done
}

process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || :; }

alive() { [[ -n ${1-} && -d /proc/$1 && $(process_state "$1") != [ZX] ]]; }

# Repeats a check until it holds: wait_for SECONDS CHECK... What takes long is looked at less and less often, up to twice a second: checks
# start programs, on processors that guests need.
wait_for() {
    local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000)) pause=20
    shift
    until "$@"; do
        ((${EPOCHREALTIME/./} < deadline)) || return 1
        sleep "0.$(printf %03d "$pause")"
        ((pause = pause > 333 ? 500 : pause * 3 / 2))
    done
}

gone() { ! alive "$1"; }

# Ends processes for good and waits until they are gone.
end_now() {
    local pid
    for pid in "$@"; do kill -KILL "$pid" 2>/dev/null || :; done
    for pid in "$@"; do wait_for 10 gone "$pid" || die "process $pid does not end"; done
}

# The process that holds the fabric's network namespace.
fabric_pid() { processes fabric | sed -n 1p; }

# The first process of host N: what it has forked has the same mark for a moment, but is not the first of its namespace.
host_pid() { numbered_inside "host-$1" 1; }

# The daemon of host N itself; what it has started has its mark too and may outlive it: daemon_pid N libvirtd|agent
daemon_pid() {
    local inside=$run/hosts/$1/$2.pid
    [[ ! -s $inside ]] || numbered_inside "host-$1-$2" "$(<"$inside")"
}

# Of the processes with a mark the one that has a number in its own namespace: numbered_inside MARK NUMBER
numbered_inside() {
    local pid
    for pid in $(processes "$1"); do
        if grep -qsE "^NSpid:.*[[:space:]]$2$" "/proc/$pid/status"; then echo "$pid"; fi
    done
}

# One at a time: lock NAME; the lock ends with the script. What is started meanwhile must not inherit it: 9>&-.
lock() {
    exec 9>"$run/$1.lock"
    flock -w 120 9 || die "another command has been busy with $1 for two minutes"
}

# The bridge of each traffic type: name of the wire, MTU, network.
traffic_types=(mgmt storage guest public)
declare -A mtu=([mgmt]=1500 [storage]=9000 [guest]=1600 [public]=1500)
declare -A subnet=([mgmt]=172.28.0 [storage]=172.29.0 [guest]=172.30.0)
outside_address=172.31.255.1/24
# Of the NFS server, on the storage network.
store_address=${subnet[storage]}.250/24
# Of the S3 server there, and its bucket for images.
objects_address=${subnet[storage]}.251/24 objects_bucket=images

# Names in the fabric; an interface name has at most 15 characters.
fabric_bridge() { echo "$1-$hash"; }
fabric_port() { echo "${1:0:4}$2-$hash"; }

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }'; }

# The name that the agent gives the bridge of a guest network.
guest_bridge() { echo "sfb-$(printf '%s' "$1" | sha256sum | cut -c1-10)"; }
