# How seed speaks to the cloud and remembers what it made. Sourced by seed.
# shellcheck shell=bash disable=SC2154

# The memory of what was made lies with the data that it is about.
open_seeding() {
    seeded=$run/data/seeded
    log=$run/logs/seed.log
    mkdir -p "$seeded"
    [[ -x ${STRAT:=$run/bin/strat} ]] || die "there is no $STRAT: build it first, make build"
    [[ -s $run/cloud.env ]] || fail "the server has written no $run/cloud.env" "$run/logs/server.log" "$box/server up $run"
}

# The answer of an API command, or failure with the refusal's words in the log. Keys in the environment would be of another cloud.
api() {
    echo "+ $*" >>"$log"
    # shellcheck disable=SC1091,SC2094
    (set -a && . "$run/cloud.env" && "$STRAT" api "$@") 2>>"$log" | tee -a "$log"
}

# The id of the answer's outermost thing: objects are wrapped, and some in a list.
first_id() { jq -r '[.. | objects | .id // empty] | first // empty'; }

find_id() {
    local id
    # shellcheck disable=SC2086
    id=$(api $1 | first_id) || fail "cannot ask the cloud for: $1" "$log" "make up"
    [[ -n $id ]] || fail "the cloud does not have: $1" "$log" "make up"
    echo "$id"
}

id_of() { cat "$seeded/$1"; }

# The id that an API command or one of the functions below comes to: ask COMMAND...
ask() { if [[ $(type -t "$1") == function ]]; then "$@"; else api "$@" | first_id; fi; }

# Makes an item unless it was made before: once ITEM LIST-COMMAND CREATE-COMMAND...
# The list finds what was made by a run that was killed before it could remember; without one the creation may be repeated.
once() {
    local item=$1 list=$2 id='' began=$EPOCHREALTIME
    shift 2
    [[ ! -e $seeded/$item ]] || return 0
    # shellcheck disable=SC2086
    if [[ -n $list ]]; then id=$(ask $list) || refused "$item"; fi
    if [[ -z $id ]]; then id=$(ask "$@") || refused "$item"; fi
    echo "$id" >"$seeded/$item.new"
    mv "$seeded/$item.new" "$seeded/$item"
    say "seeded $item ($(seconds_since "$began"))"
}

refused() { fail "the cloud refused to make: $1" "$log" "make up, once the cause is gone"; }

template_is_ready() { [[ $(api listTemplates templatefilter=self id="$1" | jq '[.. | objects | select(has("isready")) | .isready] | first') == true ]]; }

find_traffic() {
    api listTrafficTypes physicalnetworkid="$(id_of wires)" |
        jq -r --arg type "$1" '[.. | objects | select(.traffictype? == $type) | .id] | first // empty'
}

# The S3 server's bucket. Not by "api", which writes down what it asks: it asks with a secret key.
add_objects() {
    # shellcheck disable=SC1091
    (set -a && . "$run/cloud.env" && . "$run/objects/account" && umask 077 && printf %s "$SECRET_KEY" >"$run/objects/secretkey" &&
        "$STRAT" api addImageStore zoneid="$(id_of zone)" name=objects provider=S3 \
        url="http://${objects_address%/*}/$objects_bucket" "details[0].key=accesskey" "details[0].value=$ACCESS_KEY" \
        "details[1].key=secretkey" "details[1].value=@$run/objects/secretkey") 2>>"$log" | first_id
}

create_first_network() {
    local offering
    offering=$(find_id "listNetworkOfferings name=DefaultIsolatedNetworkOfferingWithSourceNatService") || return
    api createNetwork zoneid="$(id_of zone)" name=first displaytext="The first network" networkofferingid="$offering" | first_id
}

deploy_first_vm() {
    local template offering
    template=$(id_of template)
    offering=$(find_id "listServiceOfferings keyword=Tiny") || return
    wait_for 120 template_is_ready "$template" || fail "the template tiny is not ready" "$run/logs/server.log" "$STRAT api listTemplates templatefilter=self"
    api deployVirtualMachine name=first displayname=first zoneid="$(id_of zone)" templateid="$template" \
        serviceofferingid="$offering" networkids="$(id_of network)" keypair=box | first_id
}
