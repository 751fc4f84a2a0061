"""A day's work through Debian's python3-cs, a client that others wrote: keys and endpoint come from the environment."""

import os

from cs import CloudStack

cloud = CloudStack(
    endpoint=os.environ["CLOUDSTACK_ENDPOINT"],
    key=os.environ["CLOUDSTACK_KEY"],
    secret=os.environ["CLOUDSTACK_SECRET"],
)


def named(rows, name):
    return next(row for row in rows if row["name"] == name)


zone = named(cloud.listZones(fetch_list=True), "box")
template = named(cloud.listTemplates(templatefilter="executable", fetch_list=True), "tiny")
offering = named(cloud.listServiceOfferings(fetch_list=True), "Tiny Instance")
network = named(cloud.listNetworks(fetch_list=True), "first")

vm = cloud.deployVirtualMachine(
    name="by-python",
    zoneid=zone["id"],
    templateid=template["id"],
    serviceofferingid=offering["id"],
    networkids=network["id"],
    fetch_result=True,
)["virtualmachine"]
assert vm["state"] == "Running", vm
assert cloud.stopVirtualMachine(id=vm["id"], forced=True, fetch_result=True)["virtualmachine"]["state"] == "Stopped"
assert cloud.startVirtualMachine(id=vm["id"], fetch_result=True)["virtualmachine"]["state"] == "Running"
assert cloud.destroyVirtualMachine(id=vm["id"], expunge=True, fetch_result=True)
assert all(row["name"] != "by-python" for row in cloud.listVirtualMachines(fetch_list=True))
print("python3-cs: deployed, stopped, started, destroyed")
