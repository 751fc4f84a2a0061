# What up, seed, down and destroy must do, with a server and a cloud that only pretend. Sourced by test.
# shellcheck shell=bash disable=SC2154

pretend() {
    export CALLS=$work/calls STRAT=$box/tests/fakes/strat ENSURE_IMAGE=$box/tests/fakes/ensure-image
    export PATH=$box/tests/fakes:$PATH
    mkdir -p "$run/bin/server"
    [[ -e $run/bin/server/Stratiform.Management.dll ]] || echo 1 >"$run/bin/server/Stratiform.Management.dll"
    : >"$CALLS"
}

port=$((20000 + RANDOM % 10000))
server_of_run() { cat "$run/server.pid"; }
called() { grep -c "^$1\( \|$\)" "$CALLS" || :; }

it_brings_up_and_seeds_a_whole_box() {
    "$box/down" "$run"
    pretend
    PORT=$port "$box/up" "$run"
    curl --fail --silent "http://127.0.0.1:$port/health/ready"
    [[ $(called createZone) == 1 && $(called addHost) == 1 && $(called addTrafficType) == 4 ]]
    grep "^addHost .*zoneid=createZone-2 .*url=unix:$short/hosts/1/agent.sock" "$CALLS"
    [[ $(tail -n 1 "$CALLS") == deployVirtualMachine*keypair=box* ]]
}

it_adopts_what_is_up_and_seeds_nothing_twice() {
    pretend
    before=$(server_of_run)-$(host_pid 1)
    "$box/up" "$run"
    [[ $before == "$(server_of_run)-$(host_pid 1)" ]]
    curl --fail --silent "http://127.0.0.1:$port/health/ready"
    [[ ! -s $CALLS ]]
}

it_adds_a_second_host_later() {
    pretend
    HOSTS=2 "$box/up" "$run"
    [[ $(called addHost) == 1 && $(called createZone) == 0 ]]
    in_host 2 ping -c 1 -W 2 host-1
    # The pool that hosts share, seen from both.
    in_host 1 touch /var/lib/stratiform/shared/seen
    in_host 2 test -e /var/lib/stratiform/shared/seen
}

it_starts_a_killed_server_again() {
    pretend
    before=$(server_of_run)
    end_now "$before"
    "$box/up" "$run"
    [[ $(server_of_run) != "$before" ]]
}

it_replaces_a_server_of_another_build() {
    pretend
    before=$(server_of_run)
    echo 2 >"$run/bin/server/Stratiform.Management.dll"
    "$box/up" "$run"
    [[ $(server_of_run) != "$before" ]] && gone "$before"
}

it_leaves_nothing_and_comes_back_with_as_many_hosts() {
    pretend
    remember_namespaces
    server=$(server_of_run)
    "$box/down" "$run"
    nothing_is_left
    gone "$server"
    "$box/up" "$run"
    [[ -n $(host_pid 2) && ! -s $CALLS ]]
}

it_finds_what_a_killed_seed_had_made() {
    pretend
    rm "$run/data/seeded/zone"
    FOUND=listZones "$box/seed" "$run" 2
    [[ $(<"$run/data/seeded/zone") == found-by-listZones && $(called createZone) == 0 ]]
}

it_tells_the_log_and_the_next_command_when_the_cloud_refuses() {
    pretend
    rm "$run/data/seeded/vm"
    refused env REFUSE=deployVirtualMachine "$box/seed" "$run" 2 2>"$work/words"
    grep "refused to make: vm" "$work/words"
    grep "refused by the test" "$work/words"
    grep "log: *$run/logs/seed.log" "$work/words"
    grep "next: " "$work/words"
    [[ ! -e $run/data/seeded/vm ]]
    "$box/seed" "$run" 2
}

it_leaves_nothing_whenever_up_was_killed() {
    pretend
    for moment in 0.15 0.3 0.5 0.8 1.2; do
        HOSTS=2 setsid "$box/up" "$run" &
        up=$!
        sleep "$moment"
        kill -KILL "$up" || :
        wait "$up" || :
        remember_namespaces || : >"$work/namespaces"
        "$box/down" "$run"
        nothing_is_left
    done
    "$box/up" "$run"
    in_host 2 ping -c 1 -W 2 host-1
}

it_runs_beside_another_box() {
    mine=$run
    open_run "$work/another"
    "$box/fabric" up "$run"
    AGENT=$agent "$box/host" up "$run" 1
    AGENT=$agent "$box/host" up "$run" 2
    full_ping 172.28.0 1500
    "$box/down" "$run"
    [[ -z $(processes_below "") ]]
    open_run "$mine"
    in_host 1 ping -c 1 -W 2 host-2
}

# As the server keeps it: the user postgres cannot enter this run folder, so that the data lie elsewhere.
keep_database() {
    elsewhere=/var/lib/stratiform/test-$hash sockets=/run/stratiform/test-$hash
    binaries=$(dirname "$(find /usr/lib/postgresql -name pg_ctl | sort -V | tail -n 1)")
    install -d -m 0700 -o postgres -g postgres "$elsewhere" "$sockets"
    ln -sfnT "$elsewhere" "$run/data/database"
    [[ -d $elsewhere/data ]] || as_postgres "$binaries/initdb" -D "$elsewhere/data" --auth=peer --no-sync
    as_postgres "$binaries/pg_ctl" start -s -w -D "$elsewhere/data" -l "$elsewhere/start.log" -o "-k $sockets -c listen_addresses="
    postmaster=$(head -n 1 "$elsewhere/data/postmaster.pid")
}

as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups --reset-env "$@"); }

it_stops_the_private_database_orderly() {
    keep_database
    "$box/down" "$run"
    gone "$postmaster"
    [[ ! -e $elsewhere/data/postmaster.pid && ! -e $sockets ]]
    grep "database system is shut down" "$elsewhere/start.log"
}

it_removes_the_database_wherever_it_lies() {
    pretend
    keep_database
    "$box/destroy" "$run" --yes
    gone "$postmaster"
    [[ ! -e $elsewhere && ! -e $run ]]
    pretend
    PORT=$port "$box/up" "$run"
}

it_destroys_only_when_told_so() {
    pretend
    remember_namespaces
    refused "$box/destroy" "$run" </dev/null
    [[ -n $(host_pid 1) ]]
    "$box/destroy" "$run" --yes
    [[ ! -e $run ]]
    nothing_is_left
}
