# What guests hear with their addresses, and how large packets are. Sourced by bash.
# shellcheck shell=bash disable=SC2016,SC2154

guest_is_told_more_and_sends_less() {
    local folder=$work/sized tag=o-02000a010105
    rm -rf "$folder"
    cp -r "$work/two" "$folder"
    sed -i -e 's/ 1500$/ 1400/' -e 's/ 1500 203/ 1350 203/' "$folder/interfaces"
    sed -i 's/option:mtu,1500/option:mtu,1400/' "$folder/dnsmasq.conf"
    # As the server renders them: text is no address, however much it looks like one.
    printf 'dhcp-option=tag:%s,%s\n' "$tag" '42,192.0.2.1,192.0.2.2' "$tag" '66,"10.0.0.1"' "$tag" '67,"a, b: #c"' "$tag" '23,64b' >>"$folder/dnsmasq.conf"
    sed -i "s/^02:00:0a:01:01:05,/&set:$tag,/" "$folder/dnsmasq.hosts"
    apply 3 "$folder"
    applied "sizes and options are applied" 3
    is "the router's cards have their sizes" "1400 1350" "$(router_sh 'echo $(cat /sys/class/net/g-02000a010101/mtu) $(cat /sys/class/net/p-0200cb00710a/mtu)')"
    tiny_sh 'kill -USR1 $(cat /run/dhcp.eth0)' >/dev/null
    within 20 guest_is_sized && pass "the guest sends no more than fits" || fail "the guest sends no more than fits" "$(tiny_sh 'cat /sys/class/net/eth0/mtu')"
    is "the guest is told what its owner chose" '[192.0.2.1 192.0.2.2] [10.0.0.1] [a, b: #c]' "$(heard eth0)"
    is "more than one packet comes through" 0 "$(tiny_sh 'timeout 10 wget -q -O - http://198.51.100.7/ >/dev/null; echo $?')"
}

guest_is_sized() { [[ $(tiny_sh 'cat /sys/class/net/eth0/mtu') == 1400 ]]; }

# heard CARD: servers of time, of boot files, and which file, as the guest hears them when it asks.
heard() {
    tiny_sh 'printf "%s\n" "#!/bin/sh" "[ \$1 != bound ] || echo \"[\$ntpsrv] [\$tftp] [\$bootfile]\"" >/tmp/heard; chmod 700 /tmp/heard
        udhcpc -n -q -f -i '"$1"' -O ntpsrv -O tftp -O bootfile -s /tmp/heard 2>/dev/null'
}
