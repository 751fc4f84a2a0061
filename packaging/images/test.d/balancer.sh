# A router's load balancer: TLS, members that die, certificates that change, counts, an address among guests; and what a connection costs. Sourced by bash.
# shellcheck shell=bash disable=SC2154,SC2016

run_balancer_stories() {
    prepare_balancer
    boot_router
    balancer_ends_tls
    balancer_listens_among_guests
    balancer_leaves_a_dead_member_out
    balancer_changes_its_certificate
    balancer_refuses_half_a_certificate
    connections_cost
    kill_vm router
}

# Members are the test's own address among the guests: 7000 answers, 7001 does not.
prepare_balancer() {
    system_vm=$("$here/ensure" "$system_vm_image") || exit
    cp -r "$here/test.d/router" "$work/balanced"
    mkdir "$work/balanced/certs"
    certificate first
    printf 'net.netfilter.nf_conntrack_max = 100000\nnet.netfilter.nf_conntrack_buckets = 32768\n' >"$work/balanced/sysctl"
    sed -i 's/dport 8000 accept/dport { 8001, 8002, 8443 } accept/' "$work/balanced/nft.rules"
    sed -i 's#10.1.1.1/24#10.1.1.1/24,10.1.1.20/24#' "$work/balanced/interfaces"
    ip netns exec "$inner" python3 "$here/test.d/connections.py" serve 10.1.1.9 7000 >/dev/null 2>&1 &
    echo $! >"$work/member.pid"
    printf '%s\n' global '    maxconn 20000' defaults '    option contstats' '    option redispatch' '    retries 3' '    default-server inter 1s fall 2 rise 1' '    timeout check 10s' \
        '    timeout connect 5s' '    timeout client 600s' '    timeout server 600s' \
        'listen 11111111-0000-0000-0000-000000000001' '    bind 203.0.113.11:8001' '    mode tcp' '    server 11111111-0000-0000-0000-00000000000a 10.1.1.9:7000' \
        'listen 11111111-0000-0000-0000-000000000002' '    bind 203.0.113.11:8002' '    mode http' '    server 11111111-0000-0000-0000-00000000000a 10.1.1.9:7000' \
        'listen 11111111-0000-0000-0000-000000000003' '    bind 203.0.113.11:8443 ssl crt certs/first.pem alpn h2,http/1.1' '    mode http' '    option httpchk' \
        '    http-check send meth GET uri / ver HTTP/1.1 hdr Host 203.0.113.11' \
        '    server 11111111-0000-0000-0000-00000000000a 10.1.1.9:7000 check' '    server 11111111-0000-0000-0000-00000000000b 10.1.1.9:7001 check' \
        'listen 11111111-0000-0000-0000-000000000004' '    bind 10.1.1.20:80' '    mode http' '    source 10.1.1.20' \
        '    server 11111111-0000-0000-0000-00000000000a 10.1.1.9:7000' \
        >"$work/balanced/haproxy.cfg"
}

# A certificate of the balancer's in place of the one before.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" -out "$work/$1.crt" -days 30 \
        -subj /CN=balanced -addext subjectAltName=IP:203.0.113.11 2>/dev/null
    rm -f "$work/balanced/certs/"*
    cat "$work/$1.crt" "$work/tls.key" >"$work/balanced/certs/$1.pem"
}

# Packs as an agent does: what is secret is for root alone.
apply_secretly() {
    pack "$1" "$work/balanced"
    chmod 600 "$work/packed/certs/"*
    # shellcheck disable=SC2046
    pack_files manifest $(cd "$work/packed" && find . -type f ! -name manifest)
    apply_packed
}

secure() { outside curl -s -m 5 "$@" https://203.0.113.11:8443/; }
balancers() { router balancers | jq -c "$1"; }
secure_requests() { balancers '.rules[] | select(.rule | endswith("3")).requests'; }

balancer_ends_tls() {
    apply_secretly 1
    applied "a configuration with a certificate is applied" 1
    is "its key is root's alone" "600 root" "$(router_sh 'stat -c "%a %U" /var/lib/stratiform/current/certs/first.pem')"
    within 10 secure --cacert "$work/first.crt"
    is "TLS ends at the router" x "$(secure --cacert "$work/first.crt")"
    is "HTTP/2 is spoken" 2 "$(secure --cacert "$work/first.crt" -o /dev/null -w '%{http_version}')"
    is "TLS 1.1 is not" "" "$(secure -k --tls-max 1.1)"
}

balancer_listens_among_guests() {
    within 10 inside curl -s -m 5 http://10.1.1.20/
    is "an address among guests is balanced" x "$(inside curl -s -m 5 http://10.1.1.20/)"
    is "members know it by that address" 1 "$(router_sh 'conntrack -L -p tcp -s 10.1.1.20 -d 10.1.1.9 --dport 7000 2>/dev/null | grep -q 7000 && echo 1')"
    is "the router speaks by its own" 10.1.1.1 "$(router_sh 'ip route get 10.1.1.9' | sed -n 's/.* src \([0-9.]*\).*/\1/p')"
    is "metadata is at its own alone" "404 " "$(ask 10.1.1.9 "$web/meta-data/")"
}

member_is_down() { [[ $(balancers '[.members[] | select(.up | not)] | length') == 1 ]]; }

balancer_leaves_a_dead_member_out() {
    within 10 member_is_down
    is "a member that is dead is known" '["11111111-0000-0000-0000-00000000000b","L4CON"]' "$(balancers '.members[] | select(.up | not) | [.member, .check]')"
    is "it gets nothing" xxxx "$(for _ in 1 2 3 4; do secure -k; done)"
}

balancer_changes_its_certificate() {
    local before asker
    before=$(secure_requests)
    (until [[ -e $work/asked ]]; do secure -k -m 60 -w "\n%{errormsg}" | head -n 2 | paste -s -d " " || :; done >"$work/answers") &
    asker=$!
    certificate second
    sed -i 's/first.pem/second.pem/' "$work/balanced/haproxy.cfg"
    apply_secretly 2
    applied "another certificate is applied" 2
    sleep 2
    : >"$work/asked"
    wait "$asker"
    figure "router: $(wc -l <"$work/answers") requests while the certificate changed"
    is "no request is lost when the certificate changes" "" "$(grep -vx 'x *' "$work/answers" | sort | uniq -c)"
    is "the new one is served" x "$(secure --cacert "$work/second.crt")"
    is "the old one is not kept" 1 "$(router_sh 'find /var/lib/stratiform /run/stratiform -name "*.pem" | wc -l')"
    # One that is under way when the process changes may be missed.
    local asked=$((before + $(wc -l <"$work/answers") + 1))
    is "requests are counted across processes" 1 "$(($(secure_requests) >= asked - 2))"
}

balancer_refuses_half_a_certificate() {
    sed -i '/BEGIN PRIVATE/,$d' "$work/balanced/certs/second.pem"
    apply_secretly 3
    has "a certificate without its key is refused" '"failed":"haproxy"' "$said"
    is "the one before stays" x "$(secure --cacert "$work/second.crt")"
    certificate third
    sed -i 's/second.pem/third.pem/' "$work/balanced/haproxy.cfg"
    apply_secretly 4
    applied "a whole one is not" 4
}

# For docs/guides/router-size.md and RouterSize.cs.
connections_cost() {
    figure "router: of $memory MiB the kernel leaves $(router_sh "awk '/^MemTotal/ { all = \$2 } /^MemAvailable/ { print all, \"KiB, of which\", \$2, \"are available\" }' /proc/meminfo") when it is configured"
    local many=${CONNECTIONS:-1500}
    measure "bytes passed on" 8001 "$many"
    measure HTTP 8002 "$many"
    measure HTTPS 8443 "$many" tls
    entries_cost 20000
}

# Connections that nobody has, taken over as from a router before: they are tracked all the same.
entries_cost() {
    local all entries
    start_anew
    router_sh 'awk "BEGIN { for (n = 0; n < '"$1"'; n++)
        printf \"-A -t 3600 -u ASSURED -s 10.1.%d.%d -d 198.51.100.7 -p tcp --sport %d --dport 80 --state ESTABLISHED\n\", n / 200 % 200, n % 200 + 10, 1024 + n }" |
        gzip -1 >/tmp/entries.gz'
    all=$(available) entries=$(tracked)
    start router
    said=$(router adopt /tmp/entries.gz 2>&1 | tail -n 1)
    figure "router: $1 connections taken over in $(took router)"
    is "$1 connections are taken over, and tracked" "1 " "$(($(tracked) >= $1)) $said"
    figure "router: $(((all - $(available)) * 1024 / ($(tracked) - entries))) bytes for each connection that is tracked"
}

# A new process and an empty table, which have nothing left of the connections before.
start_anew() {
    router_sh 'kill $(cat /run/stratiform/haproxy.pid); sleep 5; conntrack -F' >/dev/null 2>&1
    within 90 answers_members
}

answers_members() { [[ $(balancers '.members | length') == 5 ]]; }
available() { router_sh "echo 3 >/proc/sys/vm/drop_caches; awk '/^MemAvailable/ { print \$2 }' /proc/meminfo"; }
# What is free of the memory that a kernel addresses for itself, where that is not all of it.
own_memory() { router_sh "awk '/^HighTotal/ { high = \$2 } /^LowFree/ { low = \$2 } END { print high ? low : 0 }' /proc/meminfo"; }
haproxy_memory() { router_sh 'awk "/^Pss:/ { print \$2 }" /proc/$(cat /run/stratiform/haproxy.pid)/smaps_rollup'; }
tracked() { router_sh 'cat /proc/sys/net/netfilter/nf_conntrack_count'; }

# measure WHAT PORT COUNT [tls]
measure() {
    local all own entries kernel
    start_anew
    all=$(available) own=$(haproxy_memory) entries=$(tracked) kernel=$(own_memory)
    : >"$work/opened"
    ip netns exec "$outer" python3 "$here/test.d/connections.py" open 203.0.113.11 "$2" "$3" ${4:+"$4"} >"$work/opened" 2>"$work/opened.why" &
    echo $! >"$work/opener.pid"
    within 400 test -s "$work/opened"
    is "$3 connections are open at once ($1)" "$3" "$(cat "$work/opened" "$work/opened.why")"
    figure "router, $1: $(awk -v all=$((all - $(available))) -v own=$(($(haproxy_memory) - own)) -v entries=$(($(tracked) - entries)) -v kernel=$((kernel - $(own_memory))) -v n="$3" \
        'BEGIN { printf "%d bytes for each connection, %d of them in HAProxy, %d counted as the kernel\047s; %.1f entries tracked", all * 1024 / n, own * 1024 / n, kernel * 1024 / n, entries / n }')"
    kill -9 "$(cat "$work/opener.pid")"
    rm "$work/opener.pid"
    sleep 3
}
