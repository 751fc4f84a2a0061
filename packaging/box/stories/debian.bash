# Debian 12 with Debian's own cloud-init, which nobody here has touched, finds everything it asks its cloud for. Sourced by story.
# shellcheck shell=bash disable=SC2154

# As the user that Debian's cloud-init makes.
in_debian() { on cloudy -l debian "$@"; }
debian_is_done() { [[ $(in_debian cloud-init status 2>/dev/null) == "status: done" ]]; }

it_registers_a_guest_that_others_made() {
    "$box/up" "$run"
    strat api registerTemplate zoneid="$(cat "$run/data/seeded/zone")" name=debian displaytext="Debian 12" format=QCOW2 hypervisor=KVM \
        url="file://$("$box/../images/ensure" debian)/debian.qcow2" ispublic=true passwordenabled=true requireshvm=false
    wait_for 120 template_is_ready debian
}

# Its user data keep to the locale that the image has: making another takes minutes under emulation.
it_boots_debian_with_its_own_cloud_init() {
    local offering
    offering=$(strat api listServiceOfferings name='Small Instance' | jq -r '.serviceoffering[0].id')
    TEMPLATE=$(template_field debian id) OFFERING=$offering \
        deploy cloudy userdata="$(printf '#cloud-config\nlocale: false\nwrite_files:\n- path: /etc/from-user-data\n  content: it was read\n' | base64 -w0)" |
        jq -r '[.. | objects | .password // empty] | first' >"$work/password"
    [[ $(wc -c <"$work/password") == 13 ]]
    wait_for 600 debian_is_done
}

it_finds_our_metadata_by_itself() {
    in_debian cat /run/cloud-init/cloud-id | grep -x cloudstack
    [[ $(in_debian cloud-init query instance_id) == "$(vm_field cloudy id)" ]]
}

it_takes_the_host_name() { [[ $(in_debian hostname) == cloudy ]]; }

it_takes_the_ssh_key() { in_debian cat .ssh/authorized_keys | grep -F "$(cut -d' ' -f2 "$run/id_ed25519.pub")"; }

it_runs_the_user_data() { in_debian cat /etc/from-user-data | grep -x 'it was read'; }

# The shadow file's own hash says whether it was this one; the password goes by standard input.
it_takes_the_password() {
    local check='import crypt,spwd,sys; h=spwd.getspnam("debian").sp_pwdp; sys.exit(crypt.crypt(sys.stdin.readline().strip(), h) != h)'
    strat ssh cloudy -- -l debian "sudo python3 -W ignore -c '$check'" <"$work/password"
}

it_hands_a_password_out_once() {
    in_debian wget -q -O- --header "'DomU_Request: send_my_password'" http://data-server:8080/ | grep -x saved_password
}

it_throws_debian_away() {
    strat api destroyVirtualMachine id="$(vm_field cloudy id)" expunge=true
    strat audit
}
