# What a network's router leads on, lets in, keeps in and spreads, seen on the wire from guests and from outside. Sourced by story.
# shellcheck shell=bash disable=SC2154

outside() { nsenter --target "$(fabric_pid)" --net timeout 20 "$@"; }
page() { outside curl -s --noproxy '*' -m "${PATIENCE:-5}" "${@:3}" "http://$1:$2/"; }
says() { [[ $(page "$1" "$2") == "$3" ]]; }
is_silent() { [[ -z $(PATIENCE=3 page "$1" "$2") ]]; }
# A guest's own look: its wget has no patience to set.
fetched() { on "$1" busybox timeout "${3:-5}" busybox wget -q -O- "$2"; }
# "!" alone would not end a tale.
fails() { ! "$@"; }
acquire() {
    strat api associateIpAddress networkid="$(cat "$run/data/seeded/network")" >"$work/address"
    jq -r '.. | .ipaddress? | strings' "$work/address" | head -1 >"$work/$1"
    jq -r '.. | .id? | strings' "$work/address" | head -1 >"$work/$1.id"
}
forward() { strat api createPortForwardingRule ipaddressid="$(<"$work/web.id")" virtualmachineid="$(vm_field "$1" id)" protocol=tcp publicport="$2" privateport="${GUEST_PORT:-80}" "${@:3}"; }
open_to() { strat api createFirewallRule ipaddressid="$(<"$work/$1.id")" protocol=tcp startport="$2" endport="$2" cidrlist="$3"; }
firewall_rule() { strat api listFirewallRules ipaddressid="$(<"$work/$1.id")" | jq -r "[.firewallrule[]? | select($2)][0].id"; }
is_spread() { [[ $(page "$(<"$work/web")" 80) =~ ^(first|second)$ ]]; }
members_are() { [[ $(for _ in {1..4}; do PATIENCE=2 page "$(<"$work/web")" 80 || echo none; done | sort -u | tr '\n' ' ') == "$1 " ]]; }
balancer() { strat api listLoadBalancerRules name="${1:-pages}" | jq -r '.loadbalancerrule[0].id'; }
router() { strat api listRouters listall=true networkid="$(cat "$run/data/seeded/network")" | jq -r ".router[0].$1"; }

it_has_two_guests_with_a_page_each() {
    "$box/up" "$run"
    await_answer first
    deploy second
    await_answer second
    for name in first second; do
        # shellcheck disable=SC2016
        on "$name" 'mkdir -p /www && hostname >/www/index.html && { busybox httpd -p 80 -h /www || busybox wget -q -O- http://127.0.0.1/; }'
    done
}

it_leads_a_port_to_a_guest_and_nothing_else() {
    acquire web
    is_silent "$(<"$work/web")" 8080
    forward first 8080
    says "$(<"$work/web")" 8080 first
    is_silent "$(<"$work/web")" 80
    fails outside ping -c 1 -W 2 "$(<"$work/web")"
}

it_lets_in_whom_its_rules_name() {
    forward second 8081 openfirewall=false
    is_silent "$(<"$work/web")" 8081
    open_to web 8081 192.0.2.0/24
    is_silent "$(<"$work/web")" 8081
    open_to web 8081 "${outside_address%.*}.0/24"
    says "$(<"$work/web")" 8081 second
    strat api deleteFirewallRule id="$(firewall_rule web '.cidrlist | startswith("172")')"
    is_silent "$(<"$work/web")" 8081
    says "$(<"$work/web")" 8080 first
}

it_hears_guests_as_themselves_alone() {
    local first
    first=$(vm_field first 'nic[0].ipaddress')
    on second "ip address add 10.1.1.250/24 dev eth0 && busybox ping -c 1 -W 5 $first"
    fails on second "busybox ping -c 2 -W 2 -I 10.1.1.250 $first"
    on second "ip address delete 10.1.1.250/24 dev eth0"
}

it_lets_guests_send_from_further_addresses() {
    local first further
    first=$(vm_field first 'nic[0].ipaddress')
    further=$(strat api addIpToNic nicid="$(vm_field second 'nic[0].id')" ipaddress=10.1.1.250 | jq -r '.. | .id? | strings' | head -1)
    on second "ip address add 10.1.1.250/24 dev eth0 && busybox ping -c 2 -W 5 -I 10.1.1.250 $first"
    strat api removeIpFromNic id="$further"
    fails on second "busybox ping -c 2 -W 2 -I 10.1.1.250 $first"
    on second "ip address delete 10.1.1.250/24 dev eth0"
}

new_network() {
    strat api createNetwork name="$1" displaytext="$1" zoneid="$(strat api listZones | jq -r '.zone[0].id')" \
        networkofferingid="$(strat api listNetworkOfferings name="$2" | jq -r '.networkoffering[0].id')" "${@:3}" | jq -r '.network.id'
}
join() { strat api addNicToVirtualMachine virtualmachineid="$(vm_field "$1" id)" networkid="$2"; }
leave() { strat api removeNicFromVirtualMachine virtualmachineid="$(vm_field "$1" id)" nicid="$(vm_field "$1" 'nic[1].id')"; }
has_address() { on "$1" "ip -4 address show dev eth1" | grep -F " $(vm_field "$1" 'nic[1].ipaddress')/"; }

it_brings_a_running_guest_into_another_network() {
    local other
    other=$(new_network other DefaultIsolatedNetworkOfferingWithSourceNatService gateway=10.2.0.1 netmask=255.255.255.0)
    join first "$other"
    wait_for 30 has_address first
    on first "busybox ping -c 1 -W 5 10.2.0.1"
    on first "ip route" >"$work/routes"
    grep "^default .* dev eth0 " "$work/routes"
    fails grep "^default .* dev eth1 " "$work/routes"
    leave first
    on first "test ! -e /sys/class/net/eth1"
    strat api deleteNetwork id="$other"
}

mtu_is() { [[ $(on "$1" cat "/sys/class/net/$2/mtu") == "$3" ]]; }
ask_again() { on "$1" "kill -USR1 \$(cat /run/dhcp.$2)"; }
# What a guest hears of its boot file and of time when it asks; a quotation mark would end what "on" is given.
heard() {
    on "$1" "printf '%s\n' '#!/bin/sh' '[ \$1 != bound ] || echo [\$bootfile] [\$ntpsrv]' >/tmp/heard && chmod 700 /tmp/heard && udhcpc -n -q -f -i $2 -O bootfile -O ntpsrv -s /tmp/heard 2>/dev/null"
}

it_sizes_packets_and_tells_guests_what_their_owners_choose() {
    local narrow first
    narrow=$(new_network narrow DefaultIsolatedNetworkOfferingWithSourceNatService gateway=10.3.0.1 netmask=255.255.255.0 privatemtu=1400 publicmtu=1350)
    strat api addNicToVirtualMachine virtualmachineid="$(vm_field first id)" networkid="$narrow" 'dhcpoptions[0].dhcp:67=pxe/linux, or other' 'dhcpoptions[0].dhcp:42=192.0.2.123'
    join second "$narrow"
    wait_for 30 has_address first
    wait_for 30 has_address second
    mtu_is first eth1 1400
    [[ $(heard first eth1) == '[pxe/linux, or other] [192.0.2.123]' ]]
    [[ $(heard second eth1) == '[] []' ]]
    first=$(vm_field first 'nic[1].ipaddress')
    on second "busybox ping -c 1 -W 5 -s 1372 $first"
    strat api updateNetwork id="$narrow" privatemtu=1300
    ask_again first eth1
    wait_for 30 mtu_is first eth1 1300
    strat api updateVirtualMachine id="$(vm_field first id)" "dhcpoptionsnetworklist[0].networkid=$narrow" 'dhcpoptionsnetworklist[0].dhcp:42=192.0.2.124'
    wait_for 30 hears first '[] [192.0.2.124]'
    leave first
    leave second
    strat api deleteNetwork id="$narrow"
}
hears() { [[ $(heard "$1" eth1) == "$2" ]]; }

# The guest looks for an address by DHCP, and flushes what it finds, until it is told not to.
address_by_hand() { on "$1" "until [ -s /run/dhcp.eth1 ]; do sleep 1; done; kill \$(cat /run/dhcp.eth1); ip address add $2 dev eth1"; }

it_ties_guests_together_by_wires_alone() {
    local wires
    wires=$(new_network wires DefaultL2NetworkOffering)
    join first "$wires"
    join second "$wires"
    address_by_hand first 192.168.7.1/24
    address_by_hand second 192.168.7.2/24
    on second "busybox ping -c 2 -W 5 192.168.7.1"
    on second "ip link set eth1 down && ip link set eth1 address 02:00:00:00:00:99 && ip link set eth1 up"
    fails on second "busybox ping -c 2 -W 2 192.168.7.1"
    leave first
    leave second
    strat api deleteNetwork id="$wires"
}

# The way out of a shared network is nobody's router of ours: here it is the internet itself, plugged into the network's bridge.
campus_way_out() {
    local bridge
    bridge=$(guest_bridge "$(<"$work/campus")")
    ip link add campus0 netns "$(fabric_pid)" type veth peer name campus1 netns "$(host_pid 1)"
    in_host 1 ip link set campus1 master "$bridge" mtu "$(in_host 1 cat "/sys/class/net/$bridge/mtu")" up
    outside ip address add 192.168.7.1/24 dev campus0
    outside ip link set campus0 mtu "$(in_host 1 cat "/sys/class/net/$bridge/mtu")" up
}
group_rule() { strat api listSecurityGroups securitygroupname=default | jq -r "[.securitygroup[0].ingressrule[] | select($1)][0].ruleid"; }
allow_page() { strat api authorizeSecurityGroupIngress securitygroupname=default protocol=tcp startport=80 endport=80 "$@"; }

it_shares_a_network_and_judges_by_groups() {
    local offering there
    offering=$(strat api createNetworkOffering name=grouped displaytext=grouped traffictype=Guest guestiptype=Shared enable=true \
        supportedservices=Dhcp,Dns,UserData,SecurityGroup | jq -r .networkoffering.id)
    strat api createNetwork name=campus displaytext=campus zoneid="$(strat api listZones | jq -r '.zone[0].id')" networkofferingid="$offering" vlan=7001 \
        gateway=192.168.7.1 netmask=255.255.255.0 startip=192.168.7.20 endip=192.168.7.29 | jq -r .network.id >"$work/campus"
    join first "$(<"$work/campus")"
    join second "$(<"$work/campus")"
    wait_for 30 has_address first
    wait_for 30 has_address second
    campus_way_out
    there=$(vm_field second 'nic[1].ipaddress')
    on second busybox ping -c 1 -W 5 192.168.7.1
    fails outside ping -c 1 -W 2 "$there"
    fails fetched first "http://$there/" 3
    allow_page "usersecuritygrouplist[0].account=$(vm_field first account)" 'usersecuritygrouplist[0].group=default'
    [[ $(fetched first "http://$there/") == second ]]
    is_silent "$there" 80
    allow_page cidrlist=192.168.7.1/32
    says "$there" 80 second
    strat api revokeSecurityGroupIngress id="$(group_rule '.cidr != null')"
    is_silent "$there" 80
    [[ $(fetched first "http://$there/") == second ]]
    strat api authorizeSecurityGroupEgress securitygroupname=default protocol=icmp icmptype=-1 icmpcode=-1 cidrlist=192.168.7.1/32
    on first busybox ping -c 1 -W 5 192.168.7.1
    fails fetched first "http://$there/" 3
    leave first
    leave second
    strat api deleteNetwork id="$(<"$work/campus")"
    outside ip link delete campus0
}

acl() { strat api listNetworkACLLists name="$1" | jq -r '.networkacllist[0].id'; }
new_tier() {
    new_network "$1" "${OFFERING_OF_TIER:-DefaultIsolatedNetworkOfferingForVpcNetworks}" vpcid="$(<"$work/vpc")" gateway="$2" netmask=255.255.255.0 aclid="$(acl "$3")"
}
# A guest's way out goes by its first network; what is of the VPC has to be said.
lead_to_vpc() { on "$1" "ip route replace 10.10.0.0/16 via $2 dev eth1 && ip route replace ${outside_address%/*}/32 via $2 dev eth1"; }

it_routes_between_tiers_of_a_vpc_as_their_lists_say() {
    local front back there list
    strat api createVPC name=cloudlet displaytext=cloudlet zoneid="$(strat api listZones | jq -r '.zone[0].id')" cidr=10.10.0.0/16 \
        vpcofferingid="$(strat api listVPCOfferings | jq -r '.vpcoffering[0].id')" >"$work/made"
    strat api listVPCs name=cloudlet | jq -r '.vpc[0].id' >"$work/vpc"
    front=$(new_tier front 10.10.1.1 default_allow)
    strat api createNetworkOffering name=inner displaytext="Tier with load balancers within" traffictype=GUEST guestiptype=Isolated forvpc=true \
        supportedservices=Dhcp,Dns,Lb,NetworkACL,SourceNat,UserData "servicecapabilitylist[0].service=Lb" \
        "servicecapabilitylist[0].capabilitytype=lbSchemes" "servicecapabilitylist[0].capabilityvalue=internal" enable=true
    back=$(OFFERING_OF_TIER=inner new_tier back 10.10.2.1 default_deny)
    join first "$front"
    join second "$back"
    wait_for 30 has_address first
    wait_for 30 has_address second
    lead_to_vpc first 10.10.1.1
    lead_to_vpc second 10.10.2.1
    there=$(vm_field second 'nic[1].ipaddress')
    fails on first "busybox ping -c 2 -W 2 $there"
    fails fetched first "http://$there/" 3
    strat api createNetworkACLList name=pages vpcid="$(<"$work/vpc")"
    list=$(acl pages)
    strat api createNetworkACL aclid="$list" protocol=tcp startport=80 endport=80 cidrlist=10.10.1.0/24 traffictype=ingress action=allow number=1
    strat api replaceNetworkACLList aclid="$list" networkid="$back"
    [[ $(fetched first "http://$there/") == second ]]
    fails on first "busybox ping -c 2 -W 2 $there"
    strat api listRouters listall=true vpcid="$(<"$work/vpc")" | jq -e '.count == 1'
}

within() { strat api listLoadBalancers name=within | jq -r ".loadbalancer[0].$1"; }
is_within() { [[ $(fetched first http://10.10.2.200/ 3) == second ]]; }

it_spreads_within_a_vpc_as_its_lists_say() {
    local back
    back=$(strat api listNetworks name=back | jq -r '.network[0].id')
    strat api createLoadBalancer name=within scheme=Internal algorithm=roundrobin networkid="$back" sourceipaddressnetworkid="$back" \
        sourceipaddress=10.10.2.200 sourceport=80 instanceport=80
    strat api assignToLoadBalancerRule id="$(within id)" virtualmachineids="$(vm_field second id)"
    wait_for 30 is_within
    fails fetched first http://10.10.2.200:8080/ 3
    fails on first "busybox ping -c 1 -W 2 10.10.2.200"
    strat api replaceNetworkACLList aclid="$(acl default_deny)" networkid="$back"
    fails is_within
    strat api replaceNetworkACLList aclid="$(acl pages)" networkid="$back"
    is_within
    strat api deleteLoadBalancer id="$(within id)"
    fails is_within
}

it_leads_ports_of_a_vpc_into_its_tiers() {
    local address front
    front=$(strat api listNetworks name=front | jq -r '.network[0].id')
    strat api associateIpAddress vpcid="$(<"$work/vpc")" >"$work/made"
    address=$(strat api listPublicIpAddresses vpcid="$(<"$work/vpc")" issourcenat=false | jq -r '.publicipaddress[0] | .id + " " + .ipaddress')
    strat api createPortForwardingRule ipaddressid="${address% *}" virtualmachineid="$(vm_field first id)" networkid="$front" protocol=tcp publicport=8080 privateport=80
    says "${address#* }" 8080 first
    strat api replaceNetworkACLList aclid="$(acl default_deny)" networkid="$front"
    is_silent "${address#* }" 8080
    strat api disassociateIpAddress id="${address% *}"
    leave first
    leave second
    for name in front back; do strat api deleteNetwork id="$(strat api listNetworks name="$name" | jq -r '.network[0].id')"; done
    strat api deleteVPC id="$(<"$work/vpc")"
}

vpc() { strat api listVPCs name="$1" | jq -r '.vpc[0].id'; }
# new_site NAME RANGE GUEST: a VPC with one tier, in which a guest has a card, and a VPN gateway.
new_site() {
    strat api createVPC name="$1" displaytext="$1" zoneid="$(strat api listZones | jq -r '.zone[0].id')" cidr="$2.0.0/16" \
        vpcofferingid="$(strat api listVPCOfferings | jq -r '.vpcoffering[0].id')" >"$work/made"
    new_network "$1" DefaultIsolatedNetworkOfferingForVpcNetworks vpcid="$(vpc "$1")" gateway="$2.1.1" netmask=255.255.255.0 aclid="$(acl default_allow)" >"$work/$1.tier"
    join "$3" "$(<"$work/$1.tier")"
    wait_for 30 has_address "$3"
    strat api createVpnGateway vpcid="$(vpc "$1")"
}
vpn_gateway() { strat api listVpnGateways vpcid="$(vpc "$1")" | jq -r ".vpngateway[0].$2"; }
# lead_to SITE RANGE OTHER: SITE gets a connection with the other one.
lead_to() {
    strat api createVpnCustomerGateway name="to-$3" gateway="$(vpn_gateway "$3" publicip)" cidrlist="$2.0.0/16" ipsecpsk='between "us} two' \
        ikepolicy="aes256-sha256;modp2048" esppolicy="aes256-sha256;modp2048" ikeversion=ikev2 dpd=true
    strat api createVpnConnection s2svpngatewayid="$(vpn_gateway "$1" id)" "${@:4}" \
        s2scustomergatewayid="$(strat api listVpnCustomerGateways keyword="to-$3" | jq -r '.vpncustomergateway[0].id')"
}
vpn() { strat api listVpnConnections vpcid="$(vpc "$1")" | jq -r ".vpnconnection[0].$2"; }
vpn_is() { [[ $(vpn "$1" state) == "$2" ]]; }
pinged() { on "$1" "busybox ping -c ${3:-2} -W 2 $2"; }
# What passes the public network meanwhile, as the sealed packets and the open ones.
on_the_wire() {
    local ports sniffer
    ports=$(in_host 1 ip -o link show master br-public | awk -F'[ :@]+' '{ printf "%s%s", (NR > 1 ? "," : ""), $2 }')
    rm -f "$work/heard"
    in_host 1 python3 "$box/../images/test.d/sniff.py" "$ports" "$work/heard" 10.20.0.0/16 10.30.0.0/16 >"$work/wire" &
    sniffer=$!
    "$@" >&2 || :
    touch "$work/heard"
    wait "$sniffer"
    cat "$work/wire"
}

it_connects_two_vpcs_by_a_vpn() {
    local there seen began
    new_site east 10.20 first
    new_site west 10.30 second
    on first "ip route replace 10.30.0.0/16 via 10.20.1.1 dev eth1"
    on second "ip route replace 10.20.0.0/16 via 10.30.1.1 dev eth1"
    there=$(vm_field second 'nic[1].ipaddress')
    fails pinged first "$there"
    lead_to west 10.20 east passive=true
    vpn_is west Disconnected
    lead_to east 10.30 west
    began=$EPOCHREALTIME
    wait_for 60 pinged first "$there" 1
    figure "a guest reached the other VPC $(seconds_since "$began") after the job of the connection"
    wait_for 60 vpn_is east Connected
    wait_for 60 vpn_is west Connected
    pinged second "$(vm_field first 'nic[1].ipaddress')"
    [[ $(fetched first "http://$there/") == second ]]
    seen=$(on_the_wire pinged first "$there" 4)
    [[ ${seen% *} -ge 8 && ${seen#* } == 0 ]]
    figure "sealed and open packets on the public network: $seen"
}

it_judges_what_comes_by_a_vpn_and_brings_it_back() {
    local there
    there=$(vm_field second 'nic[1].ipaddress')
    strat api replaceNetworkACLList aclid="$(acl default_deny)" networkid="$(<"$work/west.tier")"
    fails pinged first "$there"
    strat api replaceNetworkACLList aclid="$(acl default_allow)" networkid="$(<"$work/west.tier")"
    pinged first "$there"
    strat api resetVpnConnection id="$(vpn east id)"
    wait_for 60 pinged first "$there" 1
    strat api restartVPC id="$(vpc west)" cleanup=true
    wait_for 120 pinged first "$there" 1
    strat api restartVPC id="$(vpc east)" cleanup=true
    wait_for 120 pinged first "$there" 1
    wait_for 60 vpn_is west Connected
    strat api deleteVpnConnection id="$(vpn east id)"
    fails pinged first "$there"
    wait_for 60 vpn_is west Disconnected
    # What a passive end is to carry does not go out open while it is alone.
    [[ $(on_the_wire fails pinged second "$(vm_field first 'nic[1].ipaddress')" 3) == "0 0" ]]
}

it_takes_vpns_away_with_their_vpcs() {
    leave first
    leave second
    for name in east west; do
        strat api deleteNetwork id="$(<"$work/$name.tier")"
        strat api deleteVPC id="$(vpc "$name")"
    done
    strat api listVpnConnections | jq -e '.vpnconnection | length == 0'
    for id in $(strat api listVpnCustomerGateways | jq -r '.vpncustomergateway[].id'); do strat api deleteVpnCustomerGateway id="$id"; done
}

it_leads_guests_to_their_own_public_address() {
    [[ $(fetched second "http://$(<"$work/web"):8080/") == first ]]
    [[ $(fetched first "http://$(<"$work/web"):8080/") == first ]]
}

it_gives_a_guest_an_address_of_its_own() {
    acquire own
    strat api enableStaticNat ipaddressid="$(<"$work/own.id")" virtualmachineid="$(vm_field second id)"
    is_silent "$(<"$work/own")" 80
    open_to own 80 0.0.0.0/0
    strat api createFirewallRule ipaddressid="$(<"$work/own.id")" protocol=icmp icmptype=8
    says "$(<"$work/own")" 80 second
    outside ping -c 1 -W 2 "$(<"$work/own")"
    fetched second "http://${outside_address%/*}/?from-second" >/dev/null
    grep -F '?from-second' "$run/logs/outside.access.log" | grep "^$(<"$work/own") "
    fetched first "http://${outside_address%/*}/?from-first" >/dev/null
    grep -F '?from-first' "$run/logs/outside.access.log" >"$work/from-first"
    fails grep "^$(<"$work/own") " "$work/from-first"
}

it_moves_a_portable_address_to_another_network() {
    local address=${outside_address%.*}.210 id other
    strat api createPortableIpRange regionid=1 gateway="${outside_address%/*}" netmask=255.255.255.0 startip="$address" endip="$address"
    strat api associateIpAddress networkid="$(cat "$run/data/seeded/network")" isportable=true >"$work/made"
    id=$(strat api listPublicIpAddresses ipaddress="$address" | jq -r '.publicipaddress[0].id')
    strat api enableStaticNat ipaddressid="$id" virtualmachineid="$(vm_field first id)"
    strat api createFirewallRule ipaddressid="$id" protocol=tcp startport=80 endport=80
    says "$address" 80 first
    other=$(new_network elsewhere DefaultIsolatedNetworkOfferingWithSourceNatService gateway=10.3.0.1 netmask=255.255.255.0)
    join second "$other"
    wait_for 30 has_address second
    # Its way out goes by its first network; answers have to go where the questions come from.
    on second "ip route replace ${outside_address%/*}/32 via 10.3.0.1 dev eth1"
    fails strat api enableStaticNat ipaddressid="$id" virtualmachineid="$(vm_field second id)" networkid="$other"
    says "$address" 80 first
    strat api disableStaticNat ipaddressid="$id"
    # The outside knows the first router's MAC by now, and has to learn the other one's.
    strat api enableStaticNat ipaddressid="$id" virtualmachineid="$(vm_field second id)" networkid="$other"
    is_silent "$address" 80
    strat api createFirewallRule ipaddressid="$id" protocol=tcp startport=80 endport=80
    says "$address" 80 second
    fetched second "http://${outside_address%/*}/?from-portable" >/dev/null
    grep -F '?from-portable' "$run/logs/outside.access.log" | grep "^$address "
    fails strat api deletePortableIpRange id="$(strat api listPortableIpRanges | jq -r '.portableiprange[0].id')"
    strat api disableStaticNat ipaddressid="$id"
    leave second
    strat api deleteNetwork id="$other"
    is_silent "$address" 80
    [[ $(strat api listPortableIpRanges | jq -r '.portableiprange[0].portableipaddress[0].state') == Free ]]
    strat api deletePortableIpRange id="$(strat api listPortableIpRanges | jq -r '.portableiprange[0].id')"
}

it_keeps_in_what_egress_rules_name() {
    fetched first "http://${outside_address%/*}/" >/dev/null
    strat api createEgressFirewallRule networkid="$(cat "$run/data/seeded/network")" protocol=tcp startport=80 endport=80
    fails fetched first "http://${outside_address%/*}/" 3
    on first ping -c 1 -W 5 "${outside_address%/*}"
    strat api deleteEgressFirewallRule id="$(strat api listEgressFirewallRules | jq -r '.firewallrule[0].id')"
    fetched first "http://${outside_address%/*}/" >/dev/null
}

# counted LIST ID FIELD: more than nothing.
counted() { [[ $(strat api "$1" id="$2" | jq "[.. | .$3? | numbers][0] // 0") -gt 0 ]]; }

it_counts_what_came_and_went() {
    local network address field
    network=$(cat "$run/data/seeded/network")
    address=$(strat api listPublicIpAddresses associatednetworkid="$network" issourcenat=true | jq -r '.publicipaddress[0].id')
    setting router.stats.interval 1
    setting vm.stats.interval 1000
    fetched first "http://${outside_address%/*}/" >/dev/null
    for field in receivedbytes sentbytes; do
        wait_for 60 counted listPublicIpAddresses "$address" "$field"
        wait_for 60 counted listNetworks "$network" "$field"
    done
    for field in networkkbsread networkkbswrite; do wait_for 60 counted listVirtualMachines "$(vm_field first id)" "$field"; done
    for field in router.stats.interval vm.stats.interval; do strat api resetConfiguration name="$field"; done
}

it_spreads_requests_among_guests() {
    strat api createLoadBalancerRule name=pages publicipid="$(<"$work/web.id")" publicport=80 privateport=80 algorithm=roundrobin
    strat api assignToLoadBalancerRule id="$(balancer)" virtualmachineids="$(vm_field first id),$(vm_field second id)"
    for _ in {1..6}; do page "$(<"$work/web")" 80; done | sort | uniq -c | tee "$work/spread"
    grep -x ' *3 first' "$work/spread"
    grep -x ' *3 second' "$work/spread"
    [[ $(fetched first "http://$(<"$work/web")/") =~ ^(first|second)$ ]]
}

it_knows_clients_again() {
    strat api createLBStickinessPolicy lbruleid="$(balancer)" name=cookies methodname=LbCookie
    page "$(<"$work/web")" 80 -c "$work/cookies"
    for _ in {1..4}; do page "$(<"$work/web")" 80 -b "$work/cookies"; done | sort -u | tee "$work/same"
    [[ $(wc -l <"$work/same") == 1 ]]
    strat api deleteLBStickinessPolicy id="$(strat api listLBStickinessPolicies lbruleid="$(balancer)" | jq -r '.stickinesspolicies[0].stickinesspolicy[0].id')"
}

# Asks for the page again and again until the file is there; a line for each answer, empty for none.
ask_until() { until [[ -e $1 ]]; do page "$(<"$work/web")" 80 || echo; done >"$work/answers"; }

it_loses_no_request_when_members_come_and_go() {
    local asker
    ask_until "$work/enough" &
    asker=$!
    for _ in 1 2 3; do
        strat api removeFromLoadBalancerRule id="$(balancer)" virtualmachineids="$(vm_field second id)"
        strat api assignToLoadBalancerRule id="$(balancer)" virtualmachineids="$(vm_field second id)"
    done
    touch "$work/enough"
    wait "$asker"
    figure "$(wc -l <"$work/answers") requests while members came and went, $(grep -cvxE 'first|second' "$work/answers" || :) failed"
    fails grep -vxE 'first|second' "$work/answers"
}

certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.crt" -days 30 -subj "/CN=$1" \
        -addext "subjectAltName=IP:$(<"$work/web")"
    strat api uploadSslCert name="$1" certificate=@"$work/$1.crt" privatekey=@"$work/$1.key" | jq -r '.sslcert.id' >"$work/$1.id"
}
secure() { outside curl -s --noproxy '*' -m 5 "$@" "https://$(<"$work/web")/"; }
service_is() { [[ $(strat api listLoadBalancerRuleInstances id="$(balancer secure)" | jq -r ".loadbalancerruleinstance[] | select(.name == \"$1\").servicestate") == "$2" ]]; }
has_counted() { [[ $(strat api listLoadBalancerRules name=secure | jq '.loadbalancerrule[0].requests') -ge $1 ]]; }

it_ends_tls_by_a_certificate() {
    certificate old-name
    strat api createLoadBalancerRule name=secure publicipid="$(<"$work/web.id")" publicport=443 privateport=80 algorithm=roundrobin protocol=ssl
    strat api assignToLoadBalancerRule id="$(balancer secure)" virtualmachineids="$(vm_field first id),$(vm_field second id)"
    strat api createLBHealthCheckPolicy lbruleid="$(balancer secure)" pingpath=/ intervaltime=1 healthythreshold=1 unhealthythreshold=1
    fails secure -k
    strat api assignCertToLoadBalancer lbruleid="$(balancer secure)" certid="$(<"$work/old-name.id")"
    for _ in {1..6}; do secure --cacert "$work/old-name.crt"; done | sort | uniq -c | tee "$work/spread"
    grep -x ' *3 first' "$work/spread"
    fails strat api deleteSslCert id="$(<"$work/old-name.id")"
}

it_leaves_out_a_member_whose_service_died() {
    # shellcheck disable=SC2016
    on second 'for p in /proc/[0-9]*; do ! grep -q "[h]ttpd" "$p/cmdline" 2>/dev/null || kill "${p#/proc/}"; done'
    wait_for 60 service_is second DOWN
    service_is first UP
    [[ $(for _ in {1..6}; do secure -k; done | sort -u) == first ]]
    on second 'busybox httpd -p 80 -h /www'
    wait_for 60 service_is second UP
    wait_for 60 has_counted 12
}

it_changes_certificates_without_losing_a_request() {
    local asker name
    (until [[ -e $work/changed ]]; do secure -k || echo; done >"$work/secured") &
    asker=$!
    for name in new-name newer-name; do
        certificate "$name"
        strat api assignCertToLoadBalancer lbruleid="$(balancer secure)" certid="$(<"$work/$name.id")" forced=true
        secure --cacert "$work/$name.crt"
    done
    touch "$work/changed"
    wait "$asker"
    figure "$(wc -l <"$work/secured") requests by HTTPS while certificates changed, $(grep -cvxE 'first|second' "$work/secured" || :) failed"
    fails grep -vxE 'first|second' "$work/secured"
    strat api deleteLoadBalancerRule id="$(balancer secure)"
    for name in old-name new-name newer-name; do strat api deleteSslCert id="$(<"$work/$name.id")"; done
}

# A login from outside that says back what it hears.
says_back() {
    nsenter --target "$(fabric_pid)" --net ssh -F /dev/null -i "$run/id_ed25519" -p "${SSH_PORT:-2200}" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -o LogLevel=ERROR "root@$(<"$work/web")" cat
}
# A line each fifth of a second until the file is there.
talk_until() { until [[ -e $1 ]]; do echo "$EPOCHREALTIME" && sleep 0.2; done | tee "$work/told" | says_back >"$work/heard"; }

# Pings an address five times a second while the command runs, and for some seconds more.
pinging() {
    local address=$1 pinger
    nsenter --target "$(fabric_pid)" --net ping -i 0.2 "$address" >"$work/pings" &
    pinger=$!
    "${@:2}"
    sleep 5
    kill -INT "$pinger"
    wait "$pinger" || :
    sed -nE 's/^([0-9]+) packets transmitted, ([0-9]+) received.*/\1 \2/p' "$work/pings" | awk '{ print $1 " pings, " $1 - $2 " lost" }' >"$work/pinged"
    cat "$work/pinged"
}
lost_at_most_one() { grep -E ' pings, [01] lost$' "$work/pinged"; }
rebuild() {
    local began=$EPOCHREALTIME
    strat api restartNetwork id="$(cat "$run/data/seeded/network")" cleanup=true
    figure "a router rebuilt beside the old one: $(seconds_since "$began")"
}

it_rebuilds_a_router_under_pings_and_a_long_connection() {
    local before talker
    GUEST_PORT=22 forward first 2200
    before=$(router name)
    talk_until "$work/over" &
    talker=$!
    wait_for 30 test -s "$work/heard"
    pinging "$(<"$work/own")" rebuild
    touch "$work/over"
    wait "$talker"
    [[ $(router name) != "$before" ]]
    figure "$(<"$work/pinged"); $(wc -l <"$work/told") lines by one connection, $(($(wc -l <"$work/told") - $(wc -l <"$work/heard"))) lost"
    cmp "$work/told" "$work/heard"
    lost_at_most_one
    strat api deletePortForwardingRule id="$(strat api listPortForwardingRules ipaddressid="$(<"$work/web.id")" | jq -r '.portforwardingrule[] | select(.publicport == "2200").id')"
}

has_image() { strat api listHosts type=Routing | jq -e --arg image "$1" '[.host[].capabilities | split(",") | index($image)] | all'; }
made_of() { strat api changeServiceForRouter id="$(router id)" serviceofferingid="$1"; }

it_makes_a_router_of_32_bits_and_back() {
    local narrow wide
    "$box/images" "$run" system-vm-i386
    wait_for 120 has_image system-vm-i386
    wide=$(router serviceofferingid)
    narrow=$(strat api createServiceOffering name=narrow displaytext=narrow issystem=true systemvmtype=domainrouter cpunumber=1 cpuspeed=500 memory=64 \
        "serviceofferingdetails[0].key=arch" "serviceofferingdetails[0].value=i386" | jq -r .serviceoffering.id)
    pinging "$(<"$work/own")" made_of "$narrow"
    [[ $(router arch) == i386 ]]
    figure "a router of 32 bits in the place of one of 64: $(<"$work/pinged")"
    lost_at_most_one
    says "$(<"$work/web")" 8080 first
    says "$(<"$work/own")" 80 second
    on first busybox nslookup second
    # It boots and leases as any other.
    strat api rebootVirtualMachine id="$(vm_field first id)"
    await_answer first
    on first busybox httpd -p 80 -h /www
    wait_for 60 says "$(<"$work/web")" 8080 first
    made_of "$wide"
    [[ $(router arch) == x86_64 ]]
    wait_for 30 says "$(<"$work/web")" 8080 first
    strat api deleteServiceOffering id="$narrow"
}

it_brings_rules_back_with_a_router_that_died() {
    in_host 1 virsh --quiet destroy "$(router name)"
    wait_for 120 says "$(<"$work/web")" 8080 first
    wait_for 60 says "$(<"$work/own")" 80 second
    wait_for 60 is_spread
}

it_stops_routers_and_builds_them_anew() {
    local began
    strat api stopRouter id="$(router id)"
    is_silent "$(<"$work/web")" 8080
    strat api startRouter id="$(router id)"
    wait_for 30 says "$(<"$work/web")" 8080 first
    began=$EPOCHREALTIME
    strat api restartNetwork id="$(cat "$run/data/seeded/network")" cleanup=true
    figure "a network restarted with a new router: $(seconds_since "$began")"
    wait_for 30 says "$(<"$work/web")" 8080 first
    strat api restartNetwork id="$(cat "$run/data/seeded/network")"
    strat api rebootRouter id="$(router id)"
    wait_for 30 says "$(<"$work/web")" 8080 first
    strat api destroyRouter id="$(router id)"
    wait_for 30 says "$(<"$work/own")" 80 second
}

it_leads_ports_elsewhere() {
    local rule
    rule=$(strat api listPortForwardingRules ipaddressid="$(<"$work/web.id")" | jq -r '.portforwardingrule[] | select(.publicport == "8080").id')
    strat api updatePortForwardingRule id="$rule" virtualmachineid="$(vm_field second id)"
    says "$(<"$work/web")" 8080 second
    strat api updatePortForwardingRule id="$rule" virtualmachineid="$(vm_field first id)"
    says "$(<"$work/web")" 8080 first
    strat api updateLoadBalancerRule id="$(balancer)" algorithm=source
    [[ $(strat api listLoadBalancerRuleInstances id="$(balancer)" | jq '.loadbalancerruleinstance | length') == 2 ]]
}

# A second public network, on a VLAN. Whoever is on one public network drops what comes from addresses of the other.
it_answers_on_a_vlan_by_its_own_gateway() {
    local far=198.51.100.77
    outside ip link add trunk type veth peer name wire
    outside ip link set trunk master "$(fabric_bridge public)" up
    outside ip link set wire up
    outside ip address add $far/32 dev lo
    nsenter --target "$(fabric_pid)" --net python3 "$box/../images/test.d/vlan.py" wire 123 vlan123 &
    # shellcheck disable=SC2064
    trap "kill $! 2>/dev/null || :" EXIT
    wait_for 10 outside ip link set vlan123 up
    outside ip address add 198.18.0.1/24 dev vlan123
    nsenter --target "$(fabric_pid)" --net python3 "$box/../images/test.d/world.py" $far 8090 &
    # shellcheck disable=SC2064
    trap "kill $! $(jobs -p | tr '\n' ' ') 2>/dev/null || :" EXIT
    outside sysctl -qw net.ipv4.conf.all.rp_filter=1
    strat api createVlanIpRange zoneid="$(cat "$run/data/seeded/zone")" vlan=123 \
        gateway=198.18.0.1 netmask=255.255.255.0 startip=198.18.0.10 endip=198.18.0.12 | jq -r '.. | .id? | strings' | head -1 >"$work/range"
    strat api associateIpAddress networkid="$(cat "$run/data/seeded/network")" ipaddress=198.18.0.10 | jq -r '.. | .id? | strings' | head -1 >"$work/tagged.id"
    strat api enableStaticNat ipaddressid="$(<"$work/tagged.id")" virtualmachineid="$(vm_field first id)"
    open_to tagged 80 0.0.0.0/0
    [[ $(page 198.18.0.10 80 --interface $far) == first ]]
    [[ $(fetched first http://$far:8090/) == 198.18.0.10 ]]
    strat api restartNetwork id="$(cat "$run/data/seeded/network")" cleanup=true
    wait_for 30 says "$(<"$work/web")" 8080 first
    [[ $(page 198.18.0.10 80 --interface $far) == first ]]
    strat api disassociateIpAddress id="$(<"$work/tagged.id")"
    is_silent 198.18.0.10 80
    strat api deleteVlanIpRange id="$(<"$work/range")"
    outside sysctl -qw net.ipv4.conf.all.rp_filter=0
    outside ip link delete trunk
    outside ip address delete $far/32 dev lo
}

it_takes_rules_away_with_the_guest_they_lead_to() {
    strat api destroyVirtualMachine id="$(vm_field second id)" expunge=true
    is_silent "$(<"$work/own")" 80
    [[ $(strat api listPortForwardingRules | jq -r '.portforwardingrule | map(.virtualmachinename) | unique | join(" ")') == first ]]
    wait_for 30 members_are first
}

it_gives_addresses_back() {
    strat api deleteLoadBalancerRule id="$(balancer)"
    is_silent "$(<"$work/web")" 80
    strat api deletePortForwardingRule id="$(strat api listPortForwardingRules | jq -r '.portforwardingrule[0].id')"
    strat api enableStaticNat ipaddressid="$(<"$work/own.id")" virtualmachineid="$(vm_field first id)"
    strat api disableStaticNat ipaddressid="$(<"$work/own.id")"
    strat api disassociateIpAddress id="$(<"$work/web.id")"
    strat api disassociateIpAddress id="$(<"$work/own.id")"
    is_silent "$(<"$work/web")" 8080
    is_silent "$(<"$work/web")" 80
    [[ $(strat api listPublicIpAddresses issourcenat=false | jq length) == 0 ]]
    strat audit
}
