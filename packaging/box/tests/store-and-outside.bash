# What serves on the fabric beside hosts: the NFS server and the web server. Sourced by test.
# shellcheck shell=bash disable=SC2154

web=http://${outside_address%/*}
share() { echo "nfs://${store_address%/*}/secondary${1:+/$1}?version=4"; }
listeners() { in_host outside ss -H -tuln | awk '{ print $1, $5 }' | sed 's/\[::ffff:\(.*\)\]/\1/' | sort; }
servers() { processes store; processes outside-web; }

it_exports_the_store_to_hosts() {
    "$box/down" "$run"
    "$box/fabric" up "$run"
    "$box/host" up "$run" 1
    "$box/store" up "$run"
    echo "from the operator" >"$run/secondary/first"
    in_host 1 nfs-ls "$(share)" | grep -w first
    # What is done in the folder itself is seen at once.
    echo "more" >"$run/secondary/second"
    in_host 1 nfs-ls "$(share)" | grep -w second
    [[ $(in_host 1 nfs-cat "$(share first)") == "from the operator" ]]
}

it_lets_hosts_write_to_the_store_as_root() {
    in_host 1 nfs-cp /etc/hostname "$(share written)"
    cmp /etc/hostname "$run/secondary/written"
    [[ $(stat -c %u:%g "$run/secondary/written") == 0:0 ]]
}

it_serves_ranges_of_files_to_the_public_network() {
    "$box/outside" up "$run"
    echo "0123456789abcdef" >"$run/outside/file"
    in_host 1 ip address add 172.31.255.99/24 dev br-public
    [[ $(in_host 1 curl -sf -r 0-9 "$web/file") == 0123456789 ]]
    in_host 1 curl -sfI "$web/file" >"$work/headers"
    grep -i '^last-modified: ' "$work/headers"
    tag=$(sed -n 's/^etag: \(.*\)\r$/\1/Ip' "$work/headers")
    [[ $(in_host 1 curl -sf -r 10- -H "If-Range: $tag" "$web/file") == abcdef ]]
    # Of a file that has become another one no part is of use.
    [[ $(in_host 1 curl -sf -r 10- -H 'If-Range: "another"' "$web/file") == 0123456789abcdef ]]
}

it_offers_the_tiny_image_once_there_is_one() {
    [[ $(in_host 1 curl -s -o /dev/null -w '%{http_code}' "$web/tiny.qcow2") == 404 ]]
    mkdir -p "$work/tiny" "$run/images"
    echo image >"$work/tiny/tiny.qcow2"
    ln -sfnT "$work/tiny" "$run/images/tiny"
    [[ $(in_host 1 curl -sf "$web/tiny.qcow2") == image ]]
}

it_serves_nothing_else_and_nowhere_else() {
    [[ $(listeners) == "tcp ${store_address%/*}:2049"$'\n'"tcp ${outside_address%/*}:80" ]]
    refused in_host 1 nfs-ls "nfs://${store_address%/*}/secondary?version=3"
    [[ ! -e /run/ganesha ]] || [[ -z $(find /run/ganesha -newer "$run/fabric.pid") ]]
}

it_adopts_what_serves() {
    before=$(servers)
    "$box/store" up "$run"
    "$box/outside" up "$run"
    [[ $before == "$(servers)" ]]
}

it_serves_again_after_its_programs_were_killed() {
    mapfile -t victims < <(servers)
    end_now "${victims[@]}"
    serves_again
}

it_serves_again_after_the_fabric_was_killed() {
    end_now "$(fabric_pid)"
    "$box/fabric" up "$run"
    "$box/host" up "$run" 1
    serves_again
}

serves_again() {
    "$box/store" up "$run"
    "$box/outside" up "$run"
    in_host 1 nfs-ls "$(share)" | grep -w first
    in_host 1 curl -sf "$web/file"
}

it_names_the_log_when_it_cannot_serve() {
    "$box/outside" down "$run"
    # shellcheck disable=SC2016
    in_host outside perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new(LocalAddr => shift, ReuseAddr => 1, Listen => 1) or die "$!";
        sleep 60' "${outside_address%/*}:80" &
    wait_for 5 squats
    refused "$box/outside" up "$run" 2>"$work/refusal"
    grep "log:  $run/logs/outside.log" "$work/refusal"
    grep "next: " "$work/refusal"
    mapfile -t squatters < <(processes outside)
    end_now "${squatters[@]}"
    "$box/outside" up "$run"
}

squats() { listeners | grep -qx "tcp ${outside_address%/*}:80"; }

it_ends_one_server_and_nothing_else() {
    "$box/store" down "$run"
    [[ -z $(processes store) && -n $(processes outside-web) && -n $(host_pid 1) ]]
    [[ -z $(in_host outside ip -o address show to "${store_address%/*}") ]]
    "$box/store" down "$run"
    "$box/store" up "$run"
}

it_keeps_the_stores_content_and_leaves_nothing_else_when_it_goes_down() {
    remember_namespaces
    "$box/down" "$run"
    nothing_is_left
    it_exports_the_store_to_hosts
    cmp /etc/hostname "$run/secondary/written"
}

it_leaves_no_server_after_all_was_killed() {
    "$box/outside" up "$run"
    remember_namespaces
    end_now "$(fabric_pid)" "$(processes store)"
    "$box/down" "$run"
    nothing_is_left
}
