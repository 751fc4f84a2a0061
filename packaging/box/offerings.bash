# What every new cloud offers, under the names that clients know. Sourced; each_offering MAKE calls MAKE ITEM LIST-COMMAND CREATE-COMMAND...
# shellcheck shell=bash

each_offering() {
    local make=$1
    "$make" offering-tiny "listServiceOfferings keyword=Tiny" \
        createServiceOffering name="Tiny Instance" displaytext="Tiny Instance" cpunumber=1 cpuspeed=500 memory=128
    "$make" offering-small "listServiceOfferings keyword=Small" \
        createServiceOffering name="Small Instance" displaytext="Small Instance" cpunumber=1 cpuspeed=500 memory=512
    "$make" offering-medium "listServiceOfferings keyword=Medium" \
        createServiceOffering name="Medium Instance" displaytext="Medium Instance" cpunumber=1 cpuspeed=1000 memory=1024
    "$make" disk-small "listDiskOfferings name=Small" createDiskOffering name=Small displaytext="Small Disk, 5 GB" disksize=5
    "$make" disk-medium "listDiskOfferings name=Medium" createDiskOffering name=Medium displaytext="Medium Disk, 20 GB" disksize=20
    "$make" disk-large "listDiskOfferings name=Large" createDiskOffering name=Large displaytext="Large Disk, 100 GB" disksize=100
    "$make" disk-custom "listDiskOfferings name=Custom" createDiskOffering name=Custom displaytext="Custom Disk" customized=true
    "$make" network-offering "listNetworkOfferings name=DefaultIsolatedNetworkOfferingWithSourceNatService" \
        createNetworkOffering name=DefaultIsolatedNetworkOfferingWithSourceNatService \
        displaytext="Isolated network with source NAT" traffictype=GUEST guestiptype=Isolated \
        supportedservices=Dhcp,Dns,Firewall,Lb,PortForwarding,SourceNat,StaticNat,UserData,Vpn enable=true
    "$make" tier-offering "listNetworkOfferings name=DefaultIsolatedNetworkOfferingForVpcNetworks" \
        createNetworkOffering name=DefaultIsolatedNetworkOfferingForVpcNetworks displaytext="Tier of a VPC" traffictype=GUEST guestiptype=Isolated \
        forvpc=true supportedservices=Dhcp,Dns,Lb,NetworkACL,PortForwarding,SourceNat,StaticNat,UserData enable=true
    "$make" vpc-offering "listVPCOfferings keyword=Default" \
        createVPCOffering name="Default VPC offering" displaytext="Default VPC offering" \
        supportedservices=Dhcp,Dns,Lb,NetworkACL,PortForwarding,SourceNat,StaticNat,UserData,Vpn enable=true
    "$make" network-offering-l2 "listNetworkOfferings name=DefaultL2NetworkOffering" \
        createNetworkOffering name=DefaultL2NetworkOffering displaytext="Layer 2 network without a router" traffictype=GUEST guestiptype=L2 enable=true
}
