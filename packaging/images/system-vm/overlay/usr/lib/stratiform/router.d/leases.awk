# Prints the leases that contradict the hosts file, or with keep=1 those that do not.
!leases {
    mac = address = ""
    n = split(tolower($0), field, ",")
    for (i = 1; i <= n; i++) {
        gsub(/^[ \t]+|[ \t]+$/, "", field[i])
        if (field[i] ~ /^[0-9a-f][0-9a-f](:[0-9a-f][0-9a-f])+$/) mac = field[i]
        if (field[i] ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) address = field[i]
    }
    if (mac != "" && address != "") { owner[address] = mac; home[mac] = address }
    next
}
{
    stale = ($3 in owner && owner[$3] != $2) || ($2 in home && home[$2] != $3)
    if (keep ? !stale : stale) print
}
