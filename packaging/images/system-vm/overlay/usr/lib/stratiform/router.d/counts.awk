# Adds up lines "RULE SESSIONS REQUESTS IN OUT" of several files, as such lines or as JSON.
NF == 5 {
    if (!($1 in seen)) order[n++] = $1
    seen[$1]
    for (i = 2; i <= 5; i++) sum[$1, i] += $i
}
END {
    form = "%s %.0f %.0f %.0f %.0f\n"
    if (json) form = "{\"rule\":\"%s\",\"sessions\":%.0f,\"requests\":%.0f,\"in\":%.0f,\"out\":%.0f}"
    for (i = 0; i < n; i++) {
        if (json && i) printf ","
        printf form, order[i], sum[order[i], 2], sum[order[i], 3], sum[order[i], 4], sum[order[i], 5]
    }
}
