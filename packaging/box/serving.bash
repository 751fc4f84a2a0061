# How a program serves others on the fabric's wires. Sourced by scripts that say which: its mark $served, $command, $address, $port, $url,
# its file $config and, as function, the "configuration" in it; $log and $next are what the operator reads when it fails; it answers within
# $patience seconds (30).
# shellcheck shell=bash disable=SC2154

in_fabric() { nsenter --target "$fabric" --net "$@"; }

network_of() { readlink "/proc/$1/ns/net" 2>/dev/null || :; }

require_fabric() {
    fabric=$(fabric_pid)
    [[ -n $fabric ]] || die "there is no fabric to serve on; run first: $box/fabric up $run"
}

# Adopts the one that runs, unless it is told otherwise now or is left over on wires that were killed.
ensure_serving() {
    local pid
    mkdir -p "${config%/*}"
    configuration >"$config.new"
    pid=$(processes "$served" | sed -n 1p)
    if [[ -n $pid ]]; then
        if [[ $(network_of "$pid") == "$(network_of "$fabric")" ]] && cmp -s "$config" "$config.new" && answers; then
            rm "$config.new"
            return
        fi
        say "what serves at $url is out of date or does not answer: starting it anew"
        stop_serving
    fi
    mv "$config.new" "$config"
    start_serving
}

start_serving() {
    local began=$EPOCHREALTIME
    env -i PATH="$PATH" LANG=C.UTF-8 STRATIFORM_BOX="$(mark "$served")" \
        setsid --fork nsenter --target "$fabric" --net "${command[@]}" </dev/null >>"$log" 2>&1 9>&-
    wait_for "${patience:-30}" ended_or_answers || stop_serving
    [[ -n $(processes "$served") ]] || fail "nothing serves at $url" "$log" "$next"
    say "serving at $url ($(seconds_since "$began"))"
}

ended_or_answers() { answers || has_ended; }

# Once is no proof: while one program takes another's place, the process shows no environment.
has_ended() {
    local look
    for look in 0.1 0.2 0; do
        [[ -z $(processes "$served") ]] || return 1
        sleep "$look"
    done
}

stop_serving() {
    local pids
    mapfile -t pids < <(processes "$served")
    end_now "${pids[@]}"
}

# That somebody listens there is not enough: it may be somebody else.
answers() {
    local pid
    pid=$(processes "$served" | sed -n 1p)
    [[ -n $pid && $(in_fabric ss -Hltnp "sport = :$port") == *"pid=$pid,"* ]]
}
