"""Inserts NAT rows the way Neutron does, one transaction per row, and prints rows per second.

usage: ovsdbapp_nat.py REMOTE ROUTER COUNT
"""
import sys
import time

from ovsdbapp.backend.ovs_idl import connection
from ovsdbapp.schema.ovn_northbound import impl_idl

remote, router, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
idl = connection.OvsdbIdl.from_server(remote, "OVN_Northbound")
api = impl_idl.OvnNbApiIdlImpl(connection.Connection(idl, timeout=180))
started = time.monotonic()
for number in range(count):
    api.lr_nat_add(
        router, "dnat_and_snat", "192.0.2.%d" % number, "198.51.100.%d" % number
    ).execute(check_error=True)
print(count / (time.monotonic() - started))
