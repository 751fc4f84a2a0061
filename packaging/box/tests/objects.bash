# The S3 server, and the worker's program with its images there. Sourced by test.
# shellcheck shell=bash disable=SC2154

bucket=http://${objects_address%/*}/$objects_bucket
worker_tests=$box/../../tests/Stratiform.SystemVm.Tests

it_serves_a_bucket_to_those_who_have_the_keys() {
    "$box/down" "$run"
    "$box/fabric" up "$run"
    "$box/objects" up "$run"
    [[ $(stat -c %a "$run/objects/account") == 600 ]]
    [[ $(in_host outside curl -s -o /dev/null -w '%{http_code}' "$bucket") == 403 ]]
}

it_is_heard_at_its_address_alone() {
    [[ -z $(in_host outside ss -H -tln | awk '{ print $4 }' | grep -vE "^(${objects_address%/*}:80|127\.0\.0\.1:[0-9]+)\$" || :) ]]
}

it_keeps_images_for_workers() {
    dotnet build "$worker_tests" --verbosity quiet --nologo -p:RunAnalyzers=false
    # What the tests mount is nobody else's.
    in_host outside unshare --mount env STRATIFORM_S3_URL="$bucket" STRATIFORM_S3_ACCOUNT="$run/objects/account" \
        dotnet test "$worker_tests" --no-build --nologo --filter Needs=S3 | tee "$work/worker-tests"
    grep -E "Passed! .*Passed: +[1-9].*Skipped: +0" "$work/worker-tests"
}

it_adopts_the_s3_server_and_brings_it_back_with_its_keys() {
    before=$(processes objects) keys=$(<"$run/objects/account")
    "$box/objects" up "$run"
    [[ $before == "$(processes objects)" ]]
    mapfile -t victims < <(processes objects)
    end_now "${victims[@]}"
    "$box/objects" up "$run"
    [[ $keys == "$(<"$run/objects/account")" ]]
    it_serves_a_bucket_to_those_who_have_the_keys
}

it_leaves_nothing_of_the_s3_server() {
    "$box/objects" up "$run"
    readlink "/proc/$(processes objects | sed -n 1p)/ns/mnt" >"$work/namespaces"
    "$box/objects" down "$run"
    [[ -z $(processes objects) && -z $(in_host outside ip -o address show to "${objects_address%/*}") ]]
    "$box/objects" up "$run"
    "$box/down" "$run"
    nothing_is_left
}
