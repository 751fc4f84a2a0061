# Many firewall rules, of which some change. Sourced by bash.
# shellcheck shell=bash disable=SC2154,SC2016

# open_ports FOLDER COUNT PORT: that configuration in $work/ruled, and so many firewall rules, the last of them for the port.
open_ports() {
    rm -rf "$work/ruled" && cp -r "$1" "$work/ruled"
    python3 "$here/test.d/rules.py" "$2" "$3" <"$1/nft.rules" >"$work/ruled/nft.rules"
}

# The filter that is in force, whatever order its chains came in: the first column of nft's list is the depth.
in_force() { router_sh 'nft -s list ruleset inet' >"$work/listed" && sha256sum <"$work/listed"; }
in_force_sorted() { in_force >/dev/null && sort "$work/listed" | sha256sum; }
settled() { router_sh 'test ! -e /run/stratiform/piecemeal && echo whole || echo pieces'; }
# Whether somebody looks each minute: keeper STOP or keeper CONT. Not in the midst of it, since one that stops keeps its lock.
keeper() {
    router_sh "exec 9>/run/stratiform/lock; flock 9
        for p in /proc/[0-9]*; do grep -q keep-[r]outer \$p/cmdline 2>/dev/null && kill -$1 \${p#/proc/}; done; :"
}
# Makes the router's rules those of its file, as a whole.
load_whole() { router_sh 'nft -f /var/lib/stratiform/current/nft.rules'; }

# Of many rules only those that differ are loaded, and what is in force is what the whole file says.
router_changes_one_rule_of_many() {
    local came many=1500
    keeper STOP
    open_ports "$work/two" $many 20000
    apply 20 "$work/ruled"
    figure "router: $many rules applied in $(took router)"
    is "rules that are all new come as a whole" "0 whole" "$code $(settled)"
    open_ports "$work/two" $many 20001
    apply 21 "$work/ruled"
    figure "router: one of $many rules changed in $(took router)"
    is "one of many that changes comes by itself" "0 pieces" "$code $(settled)"
    came=$(in_force_sorted)
    has "it is in force" 'proto-dst 20001' "$(cat "$work/listed")"
    is "the one before is not" "" "$(grep -w 20000 "$work/listed")"
    load_whole
    is "what is in force is what the whole file says" "$came" "$(in_force_sorted)"
    open_ports "$work/two" $((many - 7)) 20002
    sed -i 's/dport 2222 dnat/dport 2223 dnat/; s/tcp dport 8000 accept/tcp dport { 8000, 8001 } accept/' "$work/ruled/nft.rules"
    apply 22 "$work/ruled"
    is "so do some that go, and chains that packets come through first" "0 pieces" "$code $(settled)"
    came=$(in_force_sorted)
    load_whole
    is "and what is in force is what the whole file says again" "$came" "$(in_force_sorted)"

    router_sh 'nft flush chain inet stratiform "$(awk "/chain rules-/ { print \$2; exit }" /var/lib/stratiform/current/nft.rules)"'
    open_ports "$work/two" $((many - 7)) 20003
    apply 23 "$work/ruled"
    is "a change does not touch what somebody else did to other chains" "0 pieces" "$code $(settled)"
    has "a look does" '{"look":"filter","text":""}' "$(router look)"
    is "by loading the whole" whole "$(settled)"
    came=$(in_force)
    load_whole
    is "so that all is as the file says" "$came" "$(in_force)"
    router_sh 'nft flush ruleset inet'
    open_ports "$work/two" $((many - 7)) 20004
    apply 24 "$work/ruled"
    is "where pieces do not fit the whole comes" "0 whole" "$code $(settled)"
    echo 'add rule inet stratiform nowhere accept' >>"$work/ruled/nft.rules"
    came=$(in_force)
    apply 25 "$work/ruled"
    has "broken rules among many are refused" '4 {"generation":24,' "$code $said"
    is "and the rules in force stay" "$came" "$(in_force)"
    apply 26 "$work/two"
    is "few are loaded as a whole" "0 whole" "$code $(settled)"
    keeper CONT
}
