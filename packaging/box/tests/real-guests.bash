# What real guests on two hosts can do. Sourced by test; without the image (TINY, or packaging/images) they are skipped.
# shellcheck shell=bash disable=SC2154

tiny=${TINY-}
if [[ -z $tiny && -x $box/../images/ensure ]]; then tiny=$("$box/../images/ensure" tiny)/tiny.qcow2; fi
[[ -n $tiny ]] || return 0

guest_uuid() { echo "5f0c9a52-6c8e-4ac9-9d26-8f1f4f8f2d5$1"; }
of_guest() { in_host "$1" virsh --quiet "${@:2:1}" "guest-$1" "${@:3}"; }

start_guest() {
    mkdir -p "$run/hosts/$1/stratiform/pool"
    qemu-img create -q -f qcow2 -F qcow2 -b "$tiny" "$run/hosts/$1/stratiform/pool/guest-$1.qcow2"
    sed "s/NAME/guest-$1/; s/UUID/$(guest_uuid "$1")/; s/BRIDGE/$(guest_bridge "$network")/; s/MAC/52:54:00:00:00:0$1/" "$box/tests/real-guest.xml" |
        in_host "$1" virsh --quiet create /dev/stdin
}

# There is no router that would give the guest an address and the key.
introduce_guest() {
    wait_for 120 of_guest "$1" qemu-agent-command '{"execute":"guest-ping"}'
    run_in_guest "$1" "ip link set eth0 up; ip address add 10.1.1.2$1/24 dev eth0
        mkdir -p /root/.ssh; echo '$(<"$run/id_ed25519.pub")' >/root/.ssh/authorized_keys"
}

run_in_guest() {
    of_guest "$1" qemu-agent-command \
        "$(jq -n --arg script "$2" '{execute: "guest-exec", arguments: {path: "/bin/sh", arg: ["-c", $script]}}')"
}

it_boots_a_real_guest_on_each_of_two_hosts() {
    "$box/down" "$run"
    "$box/fabric" up "$run"
    for n in 1 2; do "$box/host" up "$run" "$n"; done
    it_joins_guest_networks_over_vxlan
    ssh-keygen -q -t ed25519 -N '' -f "$run/id_ed25519"
    for n in 1 2; do start_guest "$n"; done
    for n in 1 2; do introduce_guest "$n"; done
}

it_logs_in_to_a_guest_by_ssh() {
    wait_for 60 log_in 1 true
    [[ $(log_in 1 cat /proc/sys/kernel/hostname) == "$(log_in 1 hostname)" ]]
    # Options and the host key's memory.
    [[ $(log_in 1 -l root -o BatchMode=yes id -u) == 0 ]]
    [[ -s $run/known_hosts/guest-1 ]]
}

log_in() { VM_ID=guest-$1 "$box/ssh" "$run" "host-$1" "$network" "10.1.1.2$1" 10.1.1.0/24 "${@:2}" </dev/null; }

it_carries_packets_from_guest_to_guest_across_hosts() {
    log_in 1 ping -c 3 -W 5 -s 1472 10.1.1.22
}

it_shows_a_guests_serial_console() {
    (sleep 3; echo; sleep 3) | timeout 8 script -qec "$box/console $run host-1 $(guest_uuid 1)" /dev/null >"$work/console" || :
    grep "login:" "$work/console"
}

it_lets_guests_shut_down_by_themselves() {
    log_in 1 sync
    remember_namespaces
    GUEST_GRACE=30 "$box/down" "$run"
    grep "asking 1 guests" "$run/logs/host-1.log"
    refused grep "cutting the power" "$run/logs/host-1.log"
    nothing_is_left
}
