using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Stratiform.Management.Database.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "workflow_fence");

            migrationBuilder.CreateTable(
                name: "certificate_authority",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    certificate = table.Column<byte[]>(type: "bytea", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_certificate_authority", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "diagnostics_file",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    system_vm_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    packed = table.Column<byte[]>(type: "bytea", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_diagnostics_file", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "disk_offering",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    shared = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_disk_offering", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "domain",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_domain", x => x.id);
                    table.ForeignKey(
                        name: "fk_domain_domain_parent_id",
                        column: x => x.parent_id,
                        principalTable: "domain",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "domain_sight",
                columns: table => new
                {
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    power = table.Column<string>(type: "text", nullable: false),
                    boot_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_domain_sight", x => x.domain_id);
                });

            migrationBuilder.CreateTable(
                name: "event",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    level = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    resource_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource_id = table.Column<Guid>(type: "uuid", nullable: true),
                    resource_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    start_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_archived = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "installation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key_id = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_installation", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "network_offering",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    for_vpc = table.Column<bool>(type: "boolean", nullable: false),
                    is_persistent = table.Column<bool>(type: "boolean", nullable: false),
                    services = table.Column<string[]>(type: "text[]", nullable: false),
                    internal_lb = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    conserve_mode = table.Column<bool>(type: "boolean", nullable: false),
                    is_redundant = table.Column<bool>(type: "boolean", nullable: false),
                    egress_allowed = table.Column<bool>(type: "boolean", nullable: false),
                    forged_transmits = table.Column<bool>(type: "boolean", nullable: false),
                    rate_mbit = table.Column<int>(type: "integer", nullable: true),
                    availability = table.Column<string>(type: "text", nullable: false),
                    sort_key = table.Column<int>(type: "integer", nullable: false),
                    most_connections = table.Column<int>(type: "integer", nullable: true),
                    keeps_alive = table.Column<bool>(type: "boolean", nullable: false),
                    router_made = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_offering", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "os_type",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_os_type", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reconciler",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reconciler", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "region",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    endpoint = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_region", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "role",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    is_public = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_role", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "router_scope",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wanted_generation = table.Column<long>(type: "bigint", nullable: false),
                    router_made = table.Column<string>(type: "jsonb", nullable: false),
                    is_redundant = table.Column<bool>(type: "boolean", nullable: false),
                    public_mtu = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router_scope", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "security_group",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_security_group", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "service_offering",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cpus = table.Column<int>(type: "integer", nullable: false),
                    cpu_mhz = table.Column<int>(type: "integer", nullable: false),
                    memory_mib = table.Column<long>(type: "bigint", nullable: false),
                    host_tags = table.Column<string[]>(type: "text[]", nullable: false),
                    storage_tags = table.Column<string[]>(type: "text[]", nullable: false),
                    shared = table.Column<bool>(type: "boolean", nullable: false),
                    root_disk_bytes = table.Column<long>(type: "bigint", nullable: true),
                    offer_ha = table.Column<bool>(type: "boolean", nullable: false),
                    limit_cpu_use = table.Column<bool>(type: "boolean", nullable: false),
                    rate_mbit = table.Column<int>(type: "integer", nullable: true),
                    is_system = table.Column<bool>(type: "boolean", nullable: false),
                    system_vm_type = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    arch = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_service_offering", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "setting_value",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_setting_value", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "ssh_key_pair",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    public_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ssh_key_pair", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ssl_certificate",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    certificate = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    chain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ssl_certificate", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "tag",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tag", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "user_data",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    parameters = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_data", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "vpc_offering",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    services = table.Column<string[]>(type: "text[]", nullable: false),
                    is_redundant = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    sort_key = table.Column<int>(type: "integer", nullable: false),
                    conserve_mode = table.Column<bool>(type: "boolean", nullable: false),
                    router_made = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpc_offering", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "vpn_customer_gateway",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    gateway = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cidrs = table.Column<IPNetwork[]>(type: "cidr[]", nullable: false),
                    wrapped_psk = table.Column<byte[]>(type: "bytea", nullable: false),
                    ike_policy = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    esp_policy = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ike_lifetime = table.Column<int>(type: "integer", nullable: false),
                    esp_lifetime = table.Column<int>(type: "integer", nullable: false),
                    dpd = table.Column<bool>(type: "boolean", nullable: false),
                    force_encap = table.Column<bool>(type: "boolean", nullable: false),
                    split_connections = table.Column<bool>(type: "boolean", nullable: false),
                    ike_version = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpn_customer_gateway", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "vpn_user",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped_password = table.Column<byte[]>(type: "bytea", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpn_user", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workflow",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    parent_step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subjects = table.Column<string[]>(type: "text[]", nullable: false),
                    inherited = table.Column<string[]>(type: "text[]", nullable: false),
                    state = table.Column<string>(type: "jsonb", nullable: false),
                    step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phase = table.Column<string>(type: "text", nullable: false),
                    overtakes = table.Column<bool>(type: "boolean", nullable: false),
                    admitted = table.Column<bool>(type: "boolean", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    step_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    cancel_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    error_code = table.Column<int>(type: "integer", nullable: true),
                    error_text = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    result = table.Column<string>(type: "jsonb", nullable: true),
                    command = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workflow", x => x.id);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "zone",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    dns1 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    dns2 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    internal_dns1 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    internal_dns2 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    network_domain = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    guest_cidr = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    local_storage_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    allocation_state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_zone", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_domain_domain_id",
                        column: x => x.domain_id,
                        principalTable: "domain",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "role_rule",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    role_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pattern = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    permission = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_role_rule", x => x.id);
                    table.ForeignKey(
                        name: "fk_role_rule_role_role_id",
                        column: x => x.role_id,
                        principalTable: "role",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "security_rule",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    traffic = table.Column<string>(type: "text", nullable: false),
                    protocol = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    start_port = table.Column<int>(type: "integer", nullable: true),
                    end_port = table.Column<int>(type: "integer", nullable: true),
                    icmp_type = table.Column<int>(type: "integer", nullable: true),
                    icmp_code = table.Column<int>(type: "integer", nullable: true),
                    cidr = table.Column<IPNetwork>(type: "cidr", nullable: true),
                    peer_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_security_rule", x => x.id);
                    table.ForeignKey(
                        name: "fk_security_rule_security_group_group_id",
                        column: x => x.group_id,
                        principalTable: "security_group",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_security_rule_security_group_peer_id",
                        column: x => x.peer_id,
                        principalTable: "security_group",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_subject",
                columns: table => new
                {
                    workflow_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    arrived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    overtakes = table.Column<bool>(type: "boolean", nullable: false),
                    held = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workflow_subject", x => new { x.workflow_id, x.subject });
                    table.ForeignKey(
                        name: "fk_workflow_subject_workflow_workflow_id",
                        column: x => x.workflow_id,
                        principalTable: "workflow",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "image_store",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    url = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    access_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped_secret_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_read_only = table.Column<bool>(type: "boolean", nullable: false),
                    capacity_bytes = table.Column<long>(type: "bigint", nullable: false),
                    used_bytes = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_image_store", x => x.id);
                    table.ForeignKey(
                        name: "fk_image_store_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "physical_network",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    first_vni = table.Column<int>(type: "integer", nullable: false),
                    last_vni = table.Column<int>(type: "integer", nullable: false),
                    isolation_method = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_physical_network", x => x.id);
                    table.ForeignKey(
                        name: "fk_physical_network_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pod",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway = table.Column<IPAddress>(type: "inet", nullable: true),
                    netmask = table.Column<IPAddress>(type: "inet", nullable: true),
                    start_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    end_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    allocation_state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pod", x => x.id);
                    table.ForeignKey(
                        name: "fk_pod_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "storage_pool",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: true),
                    host_id = table.Column<Guid>(type: "uuid", nullable: true),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    capacity_bytes = table.Column<long>(type: "bigint", nullable: false),
                    used_bytes = table.Column<long>(type: "bigint", nullable: false),
                    promised_bytes = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_storage_pool", x => x.id);
                    table.ForeignKey(
                        name: "fk_storage_pool_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "store_link_key",
                columns: table => new
                {
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_store_link_key", x => x.zone_id);
                    table.ForeignKey(
                        name: "fk_store_link_key_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "template",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hypervisor = table.Column<string>(type: "text", nullable: true),
                    format = table.Column<string>(type: "text", nullable: false),
                    volume_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kept_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    direct_download = table.Column<bool>(type: "boolean", nullable: false),
                    bootable = table.Column<bool>(type: "boolean", nullable: false),
                    checksum = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    os_type_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_public = table.Column<bool>(type: "boolean", nullable: false),
                    is_featured = table.Column<bool>(type: "boolean", nullable: false),
                    is_extractable = table.Column<bool>(type: "boolean", nullable: false),
                    password_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    ssh_key_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    is_dynamically_scalable = table.Column<bool>(type: "boolean", nullable: false),
                    sort_key = table.Column<int>(type: "integer", nullable: false),
                    origin_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    virtual_size_bytes = table.Column<long>(type: "bigint", nullable: false),
                    physical_size_bytes = table.Column<long>(type: "bigint", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template", x => x.id);
                    table.ForeignKey(
                        name: "fk_template_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "transfer_session",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    worker_id = table.Column<Guid>(type: "uuid", nullable: true),
                    wants_worker = table.Column<bool>(type: "boolean", nullable: false),
                    reads_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_transfer_session", x => x.id);
                    table.ForeignKey(
                        name: "fk_transfer_session_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "vpc",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    offering_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cidr = table.Column<IPNetwork>(type: "cidr", nullable: false),
                    network_domain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name_servers = table.Column<string[]>(type: "text[]", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpc", x => x.id);
                    table.ForeignKey(
                        name: "fk_vpc_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_vpc_vpc_offering_offering_id",
                        column: x => x.offering_id,
                        principalTable: "vpc_offering",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_vpc_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "resource_count",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    used = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_resource_count", x => new { x.account_id, x.kind });
                    table.ForeignKey(
                        name: "fk_resource_count_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "resource_limit",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    max = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_resource_limit", x => new { x.account_id, x.kind });
                    table.ForeignKey(
                        name: "fk_resource_limit_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "resource_share",
                columns: table => new
                {
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_resource_share", x => new { x.owner_id, x.kind });
                    table.ForeignKey(
                        name: "fk_resource_share_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    time_zone = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    api_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    wrapped_secret_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    failed_logins = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user", x => x.id);
                    table.ForeignKey(
                        name: "fk_user_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "network_service_provider",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    physical_network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_service_provider", x => x.id);
                    table.ForeignKey(
                        name: "fk_network_service_provider_physical_network_physical_network_id",
                        column: x => x.physical_network_id,
                        principalTable: "physical_network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "network_traffic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    physical_network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    traffic = table.Column<string>(type: "text", nullable: false),
                    kvm_label = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_traffic", x => x.id);
                    table.ForeignKey(
                        name: "fk_network_traffic_physical_network_physical_network_id",
                        column: x => x.physical_network_id,
                        principalTable: "physical_network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "public_ip_range",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    physical_network_id = table.Column<Guid>(type: "uuid", nullable: true),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: true),
                    gateway = table.Column<IPAddress>(type: "inet", nullable: false),
                    netmask = table.Column<IPAddress>(type: "inet", nullable: false),
                    start_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    end_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    vlan = table.Column<int>(type: "integer", nullable: true),
                    for_system_vms = table.Column<bool>(type: "boolean", nullable: false),
                    kept_for_domain_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kept_for_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_public_ip_range", x => x.id);
                    table.ForeignKey(
                        name: "fk_public_ip_range_account_kept_for_account_id",
                        column: x => x.kept_for_account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_range_domain_kept_for_domain_id",
                        column: x => x.kept_for_domain_id,
                        principalTable: "domain",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_range_physical_network_physical_network_id",
                        column: x => x.physical_network_id,
                        principalTable: "physical_network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "cluster",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    pod_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hypervisor = table.Column<string>(type: "text", nullable: false),
                    cpu_overcommit_ratio = table.Column<double>(type: "double precision", nullable: false),
                    memory_overcommit_ratio = table.Column<double>(type: "double precision", nullable: false),
                    allocation_state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster", x => x.id);
                    table.ForeignKey(
                        name: "fk_cluster_pod_pod_id",
                        column: x => x.pod_id,
                        principalTable: "pod",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "storage_ip_range",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    pod_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway = table.Column<IPAddress>(type: "inet", nullable: false),
                    netmask = table.Column<IPAddress>(type: "inet", nullable: false),
                    start_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    end_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_storage_ip_range", x => x.id);
                    table.ForeignKey(
                        name: "fk_storage_ip_range_pod_pod_id",
                        column: x => x.pod_id,
                        principalTable: "pod",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pool_reservation",
                columns: table => new
                {
                    volume_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pool_id = table.Column<Guid>(type: "uuid", nullable: false),
                    size_bytes = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pool_reservation", x => x.volume_id);
                    table.ForeignKey(
                        name: "fk_pool_reservation_storage_pool_pool_id",
                        column: x => x.pool_id,
                        principalTable: "storage_pool",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "volume",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    size_bytes = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    pool_id = table.Column<Guid>(type: "uuid", nullable: true),
                    template_id = table.Column<Guid>(type: "uuid", nullable: true),
                    disk_offering_id = table.Column<Guid>(type: "uuid", nullable: true),
                    virtual_machine_id = table.Column<Guid>(type: "uuid", nullable: true),
                    device_id = table.Column<int>(type: "integer", nullable: true),
                    attached_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_volume", x => x.id);
                    table.ForeignKey(
                        name: "fk_volume_storage_pool_pool_id",
                        column: x => x.pool_id,
                        principalTable: "storage_pool",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pool_image",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pool_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ready = table.Column<bool>(type: "boolean", nullable: false),
                    unused_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pool_image", x => x.id);
                    table.ForeignKey(
                        name: "fk_pool_image_storage_pool_pool_id",
                        column: x => x.pool_id,
                        principalTable: "storage_pool",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_pool_image_template_template_id",
                        column: x => x.template_id,
                        principalTable: "template",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "store_image",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    store_id = table.Column<Guid>(type: "uuid", nullable: false),
                    object_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ready = table.Column<bool>(type: "boolean", nullable: false),
                    percent = table.Column<int>(type: "integer", nullable: false),
                    checksum = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_store_image", x => x.id);
                    table.ForeignKey(
                        name: "fk_store_image_image_store_store_id",
                        column: x => x.store_id,
                        principalTable: "image_store",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_store_image_template_template_id",
                        column: x => x.template_id,
                        principalTable: "template",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "template_share",
                columns: table => new
                {
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_share", x => new { x.template_id, x.account_id });
                    table.ForeignKey(
                        name: "fk_template_share_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_template_share_template_template_id",
                        column: x => x.template_id,
                        principalTable: "template",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "acl_list",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    vpc_id = table.Column<Guid>(type: "uuid", nullable: true),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_acl_list", x => x.id);
                    table.ForeignKey(
                        name: "fk_acl_list_vpc_vpc_id",
                        column: x => x.vpc_id,
                        principalTable: "vpc",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "vpn_gateway",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    vpc_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpn_gateway", x => x.id);
                    table.ForeignKey(
                        name: "fk_vpn_gateway_vpc_vpc_id",
                        column: x => x.vpc_id,
                        principalTable: "vpc",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "session",
                columns: table => new
                {
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session", x => x.token_hash);
                    table.ForeignKey(
                        name: "fk_session_user_user_id",
                        column: x => x.user_id,
                        principalTable: "user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "virtual_router_element",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider_id = table.Column<Guid>(type: "uuid", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_virtual_router_element", x => x.id);
                    table.ForeignKey(
                        name: "fk_virtual_router_element_network_service_provider_provider_id",
                        column: x => x.provider_id,
                        principalTable: "network_service_provider",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "host",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    pod_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    allocation_state = table.Column<string>(type: "text", nullable: false),
                    machine_id = table.Column<Guid>(type: "uuid", nullable: false),
                    management_address = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cpus = table.Column<int>(type: "integer", nullable: false),
                    cpu_mhz = table.Column<int>(type: "integer", nullable: false),
                    memory_mib = table.Column<long>(type: "bigint", nullable: false),
                    accelerator = table.Column<string>(type: "text", nullable: false),
                    hypervisor_version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    agent_version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    abilities = table.Column<string[]>(type: "text[]", nullable: false),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host", x => x.id);
                    table.ForeignKey(
                        name: "fk_host_cluster_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "cluster",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "acl_rule",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    traffic = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    protocol = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    start_port = table.Column<int>(type: "integer", nullable: true),
                    end_port = table.Column<int>(type: "integer", nullable: true),
                    icmp_type = table.Column<int>(type: "integer", nullable: true),
                    icmp_code = table.Column<int>(type: "integer", nullable: true),
                    cidrs = table.Column<IPNetwork[]>(type: "cidr[]", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_acl_rule", x => x.id);
                    table.ForeignKey(
                        name: "fk_acl_rule_acl_list_list_id",
                        column: x => x.list_id,
                        principalTable: "acl_list",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "network",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    physical_network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    offering_id = table.Column<Guid>(type: "uuid", nullable: false),
                    vpc_id = table.Column<Guid>(type: "uuid", nullable: true),
                    acl_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cidr = table.Column<IPNetwork>(type: "cidr", nullable: true),
                    gateway = table.Column<IPAddress>(type: "inet", nullable: true),
                    is_shared = table.Column<bool>(type: "boolean", nullable: false),
                    is_private = table.Column<bool>(type: "boolean", nullable: false),
                    router_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    guest_cidr = table.Column<IPNetwork>(type: "cidr", nullable: true),
                    is_hidden = table.Column<bool>(type: "boolean", nullable: false),
                    for_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    for_domain_id = table.Column<Guid>(type: "uuid", nullable: true),
                    for_subdomains = table.Column<bool>(type: "boolean", nullable: false),
                    network_domain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name_servers = table.Column<string[]>(type: "text[]", nullable: false),
                    mtu = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    vni = table.Column<int>(type: "integer", nullable: true),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network", x => x.id);
                    table.ForeignKey(
                        name: "fk_network_acl_list_acl_id",
                        column: x => x.acl_id,
                        principalTable: "acl_list",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_network_offering_offering_id",
                        column: x => x.offering_id,
                        principalTable: "network_offering",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_physical_network_physical_network_id",
                        column: x => x.physical_network_id,
                        principalTable: "physical_network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_vpc_vpc_id",
                        column: x => x.vpc_id,
                        principalTable: "vpc",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "vpn_connection",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_gateway_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_passive = table.Column<bool>(type: "boolean", nullable: false),
                    attempt = table.Column<Guid>(type: "uuid", nullable: false),
                    is_leaving = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vpn_connection", x => x.id);
                    table.ForeignKey(
                        name: "fk_vpn_connection_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_vpn_connection_vpn_customer_gateway_customer_gateway_id",
                        column: x => x.customer_gateway_id,
                        principalTable: "vpn_customer_gateway",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_vpn_connection_vpn_gateway_gateway_id",
                        column: x => x.gateway_id,
                        principalTable: "vpn_gateway",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "host_capacity",
                columns: table => new
                {
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cpu_total_mhz = table.Column<long>(type: "bigint", nullable: false),
                    cpu_promised_mhz = table.Column<long>(type: "bigint", nullable: false),
                    memory_total_mib = table.Column<long>(type: "bigint", nullable: false),
                    memory_promised_mib = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host_capacity", x => x.host_id);
                    table.ForeignKey(
                        name: "fk_host_capacity_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "host_groups",
                columns: table => new
                {
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wanted = table.Column<long>(type: "bigint", nullable: false),
                    applied = table.Column<long>(type: "bigint", nullable: false),
                    boot_id = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host_groups", x => x.host_id);
                    table.ForeignKey(
                        name: "fk_host_groups_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "host_reservation",
                columns: table => new
                {
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cpu_mhz = table.Column<long>(type: "bigint", nullable: false),
                    memory_mib = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host_reservation", x => x.owner_id);
                    table.ForeignKey(
                        name: "fk_host_reservation_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "host_sight",
                columns: table => new
                {
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    boot_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    connected_boot_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    images = table.Column<string[]>(type: "text[]", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_host_sight", x => x.host_id);
                    table.ForeignKey(
                        name: "fk_host_sight_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "router",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    rank = table.Column<int>(type: "integer", nullable: false),
                    turn = table.Column<string>(type: "text", nullable: true),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: true),
                    serving_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_fence = table.Column<long>(type: "bigint", nullable: false),
                    public_nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_outside = table.Column<bool>(type: "boolean", nullable: false),
                    cards_version = table.Column<long>(type: "bigint", nullable: false),
                    applied_generation = table.Column<long>(type: "bigint", nullable: false),
                    refused_generation = table.Column<long>(type: "bigint", nullable: false),
                    refused_because = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    is_held = table.Column<bool>(type: "boolean", nullable: false),
                    made = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router", x => x.id);
                    table.ForeignKey(
                        name: "fk_router_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_router_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "system_vm",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: true),
                    domain_fence = table.Column<long>(type: "bigint", nullable: false),
                    offering_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cpus = table.Column<int>(type: "integer", nullable: false),
                    cpu_mhz = table.Column<int>(type: "integer", nullable: false),
                    memory_mib = table.Column<long>(type: "bigint", nullable: false),
                    next_offering_id = table.Column<Guid>(type: "uuid", nullable: true),
                    chosen_over = table.Column<Guid>(type: "uuid", nullable: true),
                    management_nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    storage_nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    public_nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    management_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    storage_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    sessions = table.Column<int>(type: "integer", nullable: false),
                    idle_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    wanted_setup = table.Column<long>(type: "bigint", nullable: false),
                    applied_setup = table.Column<long>(type: "bigint", nullable: false),
                    is_held = table.Column<bool>(type: "boolean", nullable: false),
                    is_leaving = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_system_vm", x => x.id);
                    table.ForeignKey(
                        name: "fk_system_vm_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_system_vm_service_offering_next_offering_id",
                        column: x => x.next_offering_id,
                        principalTable: "service_offering",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_system_vm_service_offering_offering_id",
                        column: x => x.offering_id,
                        principalTable: "service_offering",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_system_vm_zone_zone_id",
                        column: x => x.zone_id,
                        principalTable: "zone",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "virtual_machine",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    instance_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    offering_id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    os_type_id = table.Column<Guid>(type: "uuid", nullable: true),
                    iso_id = table.Column<Guid>(type: "uuid", nullable: true),
                    hypervisor = table.Column<string>(type: "text", nullable: false),
                    cpus = table.Column<int>(type: "integer", nullable: false),
                    cpu_mhz = table.Column<int>(type: "integer", nullable: false),
                    memory_mib = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    state_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: true),
                    last_host_id = table.Column<Guid>(type: "uuid", nullable: true),
                    domain_fence = table.Column<long>(type: "bigint", nullable: false),
                    user_data = table.Column<byte[]>(type: "bytea", nullable: true),
                    user_data_id = table.Column<Guid>(type: "uuid", nullable: true),
                    ssh_public_keys = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key_pair_names = table.Column<string[]>(type: "text[]", nullable: false),
                    wrapped_password = table.Column<byte[]>(type: "bytea", nullable: true),
                    password_serial = table.Column<long>(type: "bigint", nullable: false),
                    destroyed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_virtual_machine", x => x.id);
                    table.ForeignKey(
                        name: "fk_virtual_machine_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_virtual_machine_service_offering_offering_id",
                        column: x => x.offering_id,
                        principalTable: "service_offering",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_virtual_machine_template_iso_id",
                        column: x => x.iso_id,
                        principalTable: "template",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_virtual_machine_template_template_id",
                        column: x => x.template_id,
                        principalTable: "template",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "guest_traffic",
                columns: table => new
                {
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_bytes = table.Column<long>(type: "bigint", nullable: false),
                    sent_bytes = table.Column<long>(type: "bigint", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guest_traffic", x => x.network_id);
                    table.ForeignKey(
                        name: "fk_guest_traffic_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "network_on_host",
                columns: table => new
                {
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ready = table.Column<bool>(type: "boolean", nullable: false),
                    mtu = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_on_host", x => new { x.network_id, x.host_id });
                    table.ForeignKey(
                        name: "fk_network_on_host_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_network_on_host_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "network_permission",
                columns: table => new
                {
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_permission", x => new { x.network_id, x.account_id });
                    table.ForeignKey(
                        name: "fk_network_permission_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_network_permission_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "nic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    guest_id = table.Column<Guid>(type: "uuid", nullable: false),
                    device_id = table.Column<int>(type: "integer", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    mac = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    dhcp_options = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_nic", x => x.id);
                    table.ForeignKey(
                        name: "fk_nic_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "private_gateway",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    vpc_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cidr = table.Column<IPNetwork>(type: "cidr", nullable: false),
                    gateway = table.Column<IPAddress>(type: "inet", nullable: false),
                    ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    source_nat = table.Column<bool>(type: "boolean", nullable: false),
                    acl_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_private_gateway", x => x.id);
                    table.ForeignKey(
                        name: "fk_private_gateway_acl_list_acl_id",
                        column: x => x.acl_id,
                        principalTable: "acl_list",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_private_gateway_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_private_gateway_vpc_vpc_id",
                        column: x => x.vpc_id,
                        principalTable: "vpc",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "shared_ip_range",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    start_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    end_ip = table.Column<IPAddress>(type: "inet", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shared_ip_range", x => x.id);
                    table.ForeignKey(
                        name: "fk_shared_ip_range_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "router_sight",
                columns: table => new
                {
                    router_id = table.Column<Guid>(type: "uuid", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_well = table.Column<bool>(type: "boolean", nullable: false),
                    looks = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router_sight", x => x.router_id);
                    table.ForeignKey(
                        name: "fk_router_sight_router_router_id",
                        column: x => x.router_id,
                        principalTable: "router",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "router_twin",
                columns: table => new
                {
                    router_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host_id = table.Column<Guid>(type: "uuid", nullable: false),
                    made = table.Column<string>(type: "jsonb", nullable: false),
                    domain_fence = table.Column<long>(type: "bigint", nullable: false),
                    applied_generation = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router_twin", x => x.router_id);
                    table.ForeignKey(
                        name: "fk_router_twin_host_host_id",
                        column: x => x.host_id,
                        principalTable: "host",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_router_twin_router_router_id",
                        column: x => x.router_id,
                        principalTable: "router",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "worker_sight",
                columns: table => new
                {
                    worker_id = table.Column<Guid>(type: "uuid", nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sessions = table.Column<int>(type: "integer", nullable: false),
                    bytes_in = table.Column<long>(type: "bigint", nullable: false),
                    bytes_out = table.Column<long>(type: "bigint", nullable: false),
                    memory_bytes = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_worker_sight", x => x.worker_id);
                    table.ForeignKey(
                        name: "fk_worker_sight_system_vm_worker_id",
                        column: x => x.worker_id,
                        principalTable: "system_vm",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_member",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    vm_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_group_member", x => new { x.vm_id, x.group_id });
                    table.ForeignKey(
                        name: "fk_group_member_security_group_group_id",
                        column: x => x.group_id,
                        principalTable: "security_group",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_group_member_virtual_machine_vm_id",
                        column: x => x.vm_id,
                        principalTable: "virtual_machine",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "card_traffic",
                columns: table => new
                {
                    nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_bytes = table.Column<long>(type: "bigint", nullable: false),
                    sent_bytes = table.Column<long>(type: "bigint", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_card_traffic", x => x.nic_id);
                    table.ForeignKey(
                        name: "fk_card_traffic_nic_nic_id",
                        column: x => x.nic_id,
                        principalTable: "nic",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "nic_address",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    nic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_nic_address", x => x.id);
                    table.ForeignKey(
                        name: "fk_nic_address_nic_nic_id",
                        column: x => x.nic_id,
                        principalTable: "nic",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "router_card",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    gateway_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_in = table.Column<bool>(type: "boolean", nullable: false),
                    ip = table.Column<IPAddress>(type: "inet", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router_card", x => x.id);
                    table.ForeignKey(
                        name: "fk_router_card_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_router_card_private_gateway_gateway_id",
                        column: x => x.gateway_id,
                        principalTable: "private_gateway",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_router_card_router_router_id",
                        column: x => x.router_id,
                        principalTable: "router",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "static_route",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    vpc_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cidr = table.Column<IPNetwork>(type: "cidr", nullable: false),
                    next_hop = table.Column<IPAddress>(type: "inet", nullable: false),
                    gateway_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_static_route", x => x.id);
                    table.ForeignKey(
                        name: "fk_static_route_private_gateway_gateway_id",
                        column: x => x.gateway_id,
                        principalTable: "private_gateway",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_static_route_vpc_vpc_id",
                        column: x => x.vpc_id,
                        principalTable: "vpc",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "public_ip_address",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    range_id = table.Column<Guid>(type: "uuid", nullable: false),
                    zone_id = table.Column<Guid>(type: "uuid", nullable: true),
                    address = table.Column<IPAddress>(type: "inet", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: true),
                    system_vm_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reserved_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_source_nat = table.Column<bool>(type: "boolean", nullable: false),
                    is_acquired = table.Column<bool>(type: "boolean", nullable: false),
                    static_nat_nic_id = table.Column<Guid>(type: "uuid", nullable: true),
                    static_nat_further_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_releasing = table.Column<bool>(type: "boolean", nullable: false),
                    allocated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_public_ip_address", x => x.id);
                    table.ForeignKey(
                        name: "fk_public_ip_address_account_reserved_by_id",
                        column: x => x.reserved_by_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_address_nic_address_static_nat_further_id",
                        column: x => x.static_nat_further_id,
                        principalTable: "nic_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_address_nic_static_nat_nic_id",
                        column: x => x.static_nat_nic_id,
                        principalTable: "nic",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_address_public_ip_range_range_id",
                        column: x => x.range_id,
                        principalTable: "public_ip_range",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_public_ip_address_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "address_traffic",
                columns: table => new
                {
                    address_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_bytes = table.Column<long>(type: "bigint", nullable: false),
                    sent_bytes = table.Column<long>(type: "bigint", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_traffic", x => new { x.address_id, x.scope_id });
                    table.ForeignKey(
                        name: "fk_address_traffic_public_ip_address_address_id",
                        column: x => x.address_id,
                        principalTable: "public_ip_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_address_traffic_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ip_quarantine",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    address_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removal_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    remover_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ip_quarantine", x => x.id);
                    table.ForeignKey(
                        name: "fk_ip_quarantine_public_ip_address_address_id",
                        column: x => x.address_id,
                        principalTable: "public_ip_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "network_rule",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    network_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address_id = table.Column<Guid>(type: "uuid", nullable: true),
                    internal_network_id = table.Column<Guid>(type: "uuid", nullable: true),
                    internal_ip = table.Column<IPAddress>(type: "inet", nullable: true),
                    protocol = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    start_port = table.Column<int>(type: "integer", nullable: true),
                    end_port = table.Column<int>(type: "integer", nullable: true),
                    icmp_type = table.Column<int>(type: "integer", nullable: true),
                    icmp_code = table.Column<int>(type: "integer", nullable: true),
                    source_cidrs = table.Column<IPNetwork[]>(type: "cidr[]", nullable: false),
                    destination_cidrs = table.Column<IPNetwork[]>(type: "cidr[]", nullable: false),
                    nic_id = table.Column<Guid>(type: "uuid", nullable: true),
                    further_id = table.Column<Guid>(type: "uuid", nullable: true),
                    private_start_port = table.Column<int>(type: "integer", nullable: true),
                    private_end_port = table.Column<int>(type: "integer", nullable: true),
                    opened_for = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_network_rule", x => x.id);
                    table.ForeignKey(
                        name: "fk_network_rule_network_internal_network_id",
                        column: x => x.internal_network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_rule_network_network_id",
                        column: x => x.network_id,
                        principalTable: "network",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_rule_nic_address_further_id",
                        column: x => x.further_id,
                        principalTable: "nic_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_rule_nic_nic_id",
                        column: x => x.nic_id,
                        principalTable: "nic",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_network_rule_public_ip_address_address_id",
                        column: x => x.address_id,
                        principalTable: "public_ip_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "remote_access_vpn",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    address_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    last_ip = table.Column<IPAddress>(type: "inet", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    opens_firewall = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_remote_access_vpn", x => x.id);
                    table.ForeignKey(
                        name: "fk_remote_access_vpn_public_ip_address_address_id",
                        column: x => x.address_id,
                        principalTable: "public_ip_address",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_remote_access_vpn_router_scope_scope_id",
                        column: x => x.scope_id,
                        principalTable: "router_scope",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "load_balancer",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    protocol = table.Column<string>(type: "text", nullable: false),
                    algorithm = table.Column<string>(type: "text", nullable: false),
                    is_hidden = table.Column<bool>(type: "boolean", nullable: false),
                    certificate_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_load_balancer", x => x.rule_id);
                    table.ForeignKey(
                        name: "fk_load_balancer_network_rule_rule_id",
                        column: x => x.rule_id,
                        principalTable: "network_rule",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_load_balancer_ssl_certificate_certificate_id",
                        column: x => x.certificate_id,
                        principalTable: "ssl_certificate",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "balancer_sight",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sessions = table.Column<long>(type: "bigint", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    bytes_in = table.Column<long>(type: "bigint", nullable: false),
                    bytes_out = table.Column<long>(type: "bigint", nullable: false),
                    open = table.Column<int>(type: "integer", nullable: false),
                    last = table.Column<string>(type: "jsonb", nullable: false),
                    members = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_balancer_sight", x => x.rule_id);
                    table.ForeignKey(
                        name: "fk_balancer_sight_load_balancer_rule_id",
                        column: x => x.rule_id,
                        principalTable: "load_balancer",
                        principalColumn: "rule_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "health_policy",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ping_path = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    response_seconds = table.Column<int>(type: "integer", nullable: false),
                    interval_seconds = table.Column<int>(type: "integer", nullable: false),
                    healthy = table.Column<int>(type: "integer", nullable: false),
                    unhealthy = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_health_policy", x => x.id);
                    table.ForeignKey(
                        name: "fk_health_policy_load_balancer_rule_id",
                        column: x => x.rule_id,
                        principalTable: "load_balancer",
                        principalColumn: "rule_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "load_balancer_member",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    nic_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_load_balancer_member", x => new { x.rule_id, x.nic_id });
                    table.ForeignKey(
                        name: "fk_load_balancer_member_load_balancer_rule_id",
                        column: x => x.rule_id,
                        principalTable: "load_balancer",
                        principalColumn: "rule_id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_load_balancer_member_nic_nic_id",
                        column: x => x.nic_id,
                        principalTable: "nic",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "stickiness_policy",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    method = table.Column<string>(type: "text", nullable: false),
                    parameters = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stickiness_policy", x => x.id);
                    table.ForeignKey(
                        name: "fk_stickiness_policy_load_balancer_rule_id",
                        column: x => x.rule_id,
                        principalTable: "load_balancer",
                        principalColumn: "rule_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "acl_list",
                columns: new[] { "id", "account_id", "created_at", "description", "domain_id", "name", "vpc_id" },
                values: new object[,]
                {
                    { new Guid("10ba0d71-28f0-846f-9a19-d8bbf1fda25d"), new Guid("00000000-0000-0000-0000-000000000000"), new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "Lets all in and out", new Guid("00000000-0000-0000-0000-000000000000"), "default_allow", null },
                    { new Guid("d4d77c1e-61ff-851d-9b00-5735da5bfe62"), new Guid("00000000-0000-0000-0000-000000000000"), new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "Lets nothing in or out", new Guid("00000000-0000-0000-0000-000000000000"), "default_deny", null }
                });

            migrationBuilder.InsertData(
                table: "network_offering",
                columns: new[] { "id", "availability", "conserve_mode", "created_at", "display_text", "egress_allowed", "for_vpc", "forged_transmits", "internal_lb", "is_default", "is_persistent", "is_redundant", "keeps_alive", "most_connections", "name", "rate_mbit", "removed_at", "router_made", "services", "sort_key", "state", "type" },
                values: new object[] { new Guid("e566a23e-cef6-82bf-94bf-75e61dd71d3b"), "Optional", true, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "System-Private-Gateway-Network-Offering", true, false, false, false, false, false, false, true, null, "System-Private-Gateway-Network-Offering", null, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, new string[0], 0, "Disabled", "L2" });

            migrationBuilder.InsertData(
                table: "region",
                columns: new[] { "id", "endpoint", "name" },
                values: new object[] { 1, "http://localhost:8080/client/", "Local" });

            migrationBuilder.InsertData(
                table: "service_offering",
                columns: new[] { "id", "arch", "cpu_mhz", "cpus", "created_at", "display_text", "host_tags", "is_system", "limit_cpu_use", "memory_mib", "name", "offer_ha", "rate_mbit", "removed_at", "root_disk_bytes", "shared", "storage_tags", "system_vm_type" },
                values: new object[,]
                {
                    { new Guid("3e412a4a-b182-885f-a428-d769f4e6acc1"), null, 500, 1, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "System Offering For Software Router", new string[0], true, false, 128L, "System Offering For Software Router", false, null, null, null, true, new string[0], "domainrouter" },
                    { new Guid("e0c06ba8-0884-8eb0-a633-d5cf217a9f50"), null, 500, 1, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "System Offering For Secondary Storage VM", new string[0], true, false, 256L, "System Offering For Secondary Storage VM", false, null, null, null, true, new string[0], "secondarystoragevm" }
                });

            migrationBuilder.InsertData(
                table: "acl_rule",
                columns: new[] { "id", "action", "cidrs", "end_port", "icmp_code", "icmp_type", "list_id", "number", "protocol", "reason", "start_port", "traffic" },
                values: new object[,]
                {
                    { new Guid("00d1357a-7a04-8bdb-ab58-4f9cfb8bef59"), "Allow", new[] { new System.Net.IPNetwork(System.Net.IPAddress.Parse("0.0.0.0"), 0) }, null, null, null, new Guid("10ba0d71-28f0-846f-9a19-d8bbf1fda25d"), 2, "all", "", null, "Egress" },
                    { new Guid("1a3bd670-600e-8c16-b2d5-a15f9de1cedd"), "Deny", new[] { new System.Net.IPNetwork(System.Net.IPAddress.Parse("0.0.0.0"), 0) }, null, null, null, new Guid("d4d77c1e-61ff-851d-9b00-5735da5bfe62"), 2, "all", "", null, "Egress" },
                    { new Guid("b3faee2f-af9d-82b8-8823-01fc47842018"), "Deny", new[] { new System.Net.IPNetwork(System.Net.IPAddress.Parse("0.0.0.0"), 0) }, null, null, null, new Guid("d4d77c1e-61ff-851d-9b00-5735da5bfe62"), 1, "all", "", null, "Ingress" },
                    { new Guid("b866fddc-28f8-8c5d-bea9-b3ad86be2325"), "Allow", new[] { new System.Net.IPNetwork(System.Net.IPAddress.Parse("0.0.0.0"), 0) }, null, null, null, new Guid("10ba0d71-28f0-846f-9a19-d8bbf1fda25d"), 1, "all", "", null, "Ingress" }
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_domain_id_name",
                table: "account",
                columns: new[] { "domain_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_acl_list_vpc_id_created_at",
                table: "acl_list",
                columns: new[] { "vpc_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_acl_rule_list_id_number",
                table: "acl_rule",
                columns: new[] { "list_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_address_traffic_scope_id",
                table: "address_traffic",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_cluster_pod_id_name",
                table: "cluster",
                columns: new[] { "pod_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_diagnostics_file_expires_at",
                table: "diagnostics_file",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_diagnostics_file_secret_hash",
                table: "diagnostics_file",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_diagnostics_file_system_vm_id",
                table: "diagnostics_file",
                column: "system_vm_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_disk_offering_created_at",
                table: "disk_offering",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_domain_parent_id",
                table: "domain",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "ix_domain_path",
                table: "domain",
                column: "path",
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_domain_sight_host_id",
                table: "domain_sight",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_event_account_id_created_at",
                table: "event",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_event_created_at_id",
                table: "event",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_event_resource_id_created_at",
                table: "event",
                columns: new[] { "resource_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_event_start_id",
                table: "event",
                column: "start_id");

            migrationBuilder.CreateIndex(
                name: "ix_group_member_group_id",
                table: "group_member",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_health_policy_rule_id",
                table: "health_policy",
                column: "rule_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_host_address",
                table: "host",
                column: "address",
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_host_cluster_id",
                table: "host",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_host_machine_id",
                table: "host",
                column: "machine_id",
                unique: true,
                filter: "removed_at IS NULL AND machine_id <> '00000000-0000-0000-0000-000000000000'");

            migrationBuilder.CreateIndex(
                name: "ix_host_zone_id",
                table: "host",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_host_reservation_host_id",
                table: "host_reservation",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_image_store_zone_id",
                table: "image_store",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_ip_quarantine_account_id_created_at",
                table: "ip_quarantine",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_ip_quarantine_address_id_ends_at",
                table: "ip_quarantine",
                columns: new[] { "address_id", "ends_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_load_balancer_certificate_id",
                table: "load_balancer",
                column: "certificate_id",
                filter: "certificate_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_load_balancer_member_nic_id",
                table: "load_balancer_member",
                column: "nic_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_account_id_created_at",
                table: "network",
                columns: new[] { "account_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_acl_id",
                table: "network",
                column: "acl_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_offering_id",
                table: "network",
                column: "offering_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_physical_network_id_vni",
                table: "network",
                columns: new[] { "physical_network_id", "vni" },
                unique: true,
                filter: "vni IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_scope_id",
                table: "network",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_untagged_private",
                table: "network",
                column: "physical_network_id",
                unique: true,
                filter: "is_private AND vni IS NULL AND removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_vpc_id",
                table: "network",
                column: "vpc_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_offering_sort_key_created_at",
                table: "network_offering",
                columns: new[] { "sort_key", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_network_on_host_host_id",
                table: "network_on_host",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_permission_account_id",
                table: "network_permission",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_account_id_created_at",
                table: "network_rule",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_address_id",
                table: "network_rule",
                column: "address_id");

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_further_id",
                table: "network_rule",
                column: "further_id",
                filter: "further_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_internal_network_id_internal_ip",
                table: "network_rule",
                columns: new[] { "internal_network_id", "internal_ip" },
                filter: "internal_network_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_network_id_purpose",
                table: "network_rule",
                columns: new[] { "network_id", "purpose" });

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_nic_id",
                table: "network_rule",
                column: "nic_id",
                filter: "nic_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_rule_opened_for",
                table: "network_rule",
                column: "opened_for",
                filter: "opened_for IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_network_service_provider_physical_network_id_name",
                table: "network_service_provider",
                columns: new[] { "physical_network_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_network_traffic_physical_network_id_traffic",
                table: "network_traffic",
                columns: new[] { "physical_network_id", "traffic" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_nic_guest_id",
                table: "nic",
                column: "guest_id");

            migrationBuilder.CreateIndex(
                name: "ix_nic_network_id_ip",
                table: "nic",
                columns: new[] { "network_id", "ip" },
                unique: true,
                filter: "ip IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_nic_network_id_mac",
                table: "nic",
                columns: new[] { "network_id", "mac" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_nic_address_network_id_ip",
                table: "nic_address",
                columns: new[] { "network_id", "ip" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_nic_address_nic_id",
                table: "nic_address",
                column: "nic_id");

            migrationBuilder.CreateIndex(
                name: "ix_os_type_description",
                table: "os_type",
                column: "description",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_physical_network_zone_id_name",
                table: "physical_network",
                columns: new[] { "zone_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pod_zone_id_name",
                table: "pod",
                columns: new[] { "zone_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_pool_image_pool_id",
                table: "pool_image",
                column: "pool_id");

            migrationBuilder.CreateIndex(
                name: "ix_pool_image_template_id_pool_id",
                table: "pool_image",
                columns: new[] { "template_id", "pool_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pool_reservation_pool_id",
                table: "pool_reservation",
                column: "pool_id");

            migrationBuilder.CreateIndex(
                name: "ix_private_gateway_account_id_created_at",
                table: "private_gateway",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_private_gateway_acl_id",
                table: "private_gateway",
                column: "acl_id");

            migrationBuilder.CreateIndex(
                name: "ix_private_gateway_network_id_ip",
                table: "private_gateway",
                columns: new[] { "network_id", "ip" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_private_gateway_scope_id",
                table: "private_gateway",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_private_gateway_vpc_id_network_id",
                table: "private_gateway",
                columns: new[] { "vpc_id", "network_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_range_id",
                table: "public_ip_address",
                column: "range_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_reserved_by_id",
                table: "public_ip_address",
                column: "reserved_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_scope_id",
                table: "public_ip_address",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_scope_id_is_source_nat",
                table: "public_ip_address",
                columns: new[] { "scope_id", "is_source_nat" },
                unique: true,
                filter: "is_source_nat");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_static_nat_further_id",
                table: "public_ip_address",
                column: "static_nat_further_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_static_nat_nic_id_static_nat_further_id",
                table: "public_ip_address",
                columns: new[] { "static_nat_nic_id", "static_nat_further_id" },
                unique: true,
                filter: "static_nat_nic_id IS NOT NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_system_vm_id",
                table: "public_ip_address",
                column: "system_vm_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_address_zone_id_address",
                table: "public_ip_address",
                columns: new[] { "zone_id", "address" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_range_kept_for_account_id",
                table: "public_ip_range",
                column: "kept_for_account_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_range_kept_for_domain_id",
                table: "public_ip_range",
                column: "kept_for_domain_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_range_physical_network_id",
                table: "public_ip_range",
                column: "physical_network_id");

            migrationBuilder.CreateIndex(
                name: "ix_public_ip_range_zone_id",
                table: "public_ip_range",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_region_name",
                table: "region",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_remote_access_vpn_account_id_created_at",
                table: "remote_access_vpn",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_remote_access_vpn_address_id",
                table: "remote_access_vpn",
                column: "address_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_remote_access_vpn_scope_id",
                table: "remote_access_vpn",
                column: "scope_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_resource_share_account_id_kind",
                table: "resource_share",
                columns: new[] { "account_id", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_role_name",
                table: "role",
                column: "name",
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_role_rule_role_id_pattern",
                table: "role_rule",
                columns: new[] { "role_id", "pattern" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_router_host_id",
                table: "router",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_router_scope_id_rank",
                table: "router",
                columns: new[] { "scope_id", "rank" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_router_card_gateway_id_router_id",
                table: "router_card",
                columns: new[] { "gateway_id", "router_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_router_card_network_id",
                table: "router_card",
                column: "network_id");

            migrationBuilder.CreateIndex(
                name: "ix_router_card_router_id_network_id",
                table: "router_card",
                columns: new[] { "router_id", "network_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_router_scope_account_id",
                table: "router_scope",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_router_twin_host_id",
                table: "router_twin",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_security_group_account_id_name",
                table: "security_group",
                columns: new[] { "account_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_security_rule_group_id",
                table: "security_rule",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_security_rule_peer_id",
                table: "security_rule",
                column: "peer_id",
                filter: "peer_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_service_offering_created_at",
                table: "service_offering",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_session_ends_at",
                table: "session",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_session_user_id",
                table: "session",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_shared_ip_range_network_id",
                table: "shared_ip_range",
                column: "network_id");

            migrationBuilder.CreateIndex(
                name: "ix_ssh_key_pair_account_id_name",
                table: "ssh_key_pair",
                columns: new[] { "account_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ssl_certificate_account_id_created_at",
                table: "ssl_certificate",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_static_route_account_id_created_at",
                table: "static_route",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_static_route_gateway_id",
                table: "static_route",
                column: "gateway_id");

            migrationBuilder.CreateIndex(
                name: "ix_static_route_scope_id",
                table: "static_route",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_static_route_vpc_id",
                table: "static_route",
                column: "vpc_id");

            migrationBuilder.CreateIndex(
                name: "ix_stickiness_policy_rule_id",
                table: "stickiness_policy",
                column: "rule_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_storage_ip_range_pod_id",
                table: "storage_ip_range",
                column: "pod_id");

            migrationBuilder.CreateIndex(
                name: "ix_storage_ip_range_zone_id",
                table: "storage_ip_range",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_storage_pool_cluster_id",
                table: "storage_pool",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_storage_pool_host_id",
                table: "storage_pool",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_storage_pool_zone_id",
                table: "storage_pool",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_store_image_store_id",
                table: "store_image",
                column: "store_id");

            migrationBuilder.CreateIndex(
                name: "ix_store_image_template_id_store_id",
                table: "store_image",
                columns: new[] { "template_id", "store_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_host_id",
                table: "system_vm",
                column: "host_id");

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_next_offering_id",
                table: "system_vm",
                column: "next_offering_id");

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_offering_id",
                table: "system_vm",
                column: "offering_id");

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_zone_id",
                table: "system_vm",
                column: "zone_id",
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_zone_id_management_ip",
                table: "system_vm",
                columns: new[] { "zone_id", "management_ip" },
                unique: true,
                filter: "management_ip IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_system_vm_zone_id_storage_ip",
                table: "system_vm",
                columns: new[] { "zone_id", "storage_ip" },
                unique: true,
                filter: "storage_ip IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tag_kind_key_value",
                table: "tag",
                columns: new[] { "kind", "key", "value" });

            migrationBuilder.CreateIndex(
                name: "ix_tag_resource_id_key",
                table: "tag",
                columns: new[] { "resource_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_template_account_id_created_at",
                table: "template",
                columns: new[] { "account_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_template_origin_id_zone_id",
                table: "template",
                columns: new[] { "origin_id", "zone_id" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_template_sort_key_created_at",
                table: "template",
                columns: new[] { "sort_key", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_template_volume_id",
                table: "template",
                column: "volume_id",
                filter: "removed_at IS NULL AND volume_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_template_zone_id_created_at",
                table: "template",
                columns: new[] { "zone_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_template_share_account_id",
                table: "template_share",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_session_reads_id",
                table: "transfer_session",
                column: "reads_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_session_worker_id",
                table: "transfer_session",
                column: "worker_id");

            migrationBuilder.CreateIndex(
                name: "ix_transfer_session_zone_id",
                table: "transfer_session",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_account_id",
                table: "user",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_user_api_key",
                table: "user",
                column: "api_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_user_domain_id_name",
                table: "user",
                columns: new[] { "domain_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_user_data_account_id_name",
                table: "user_data",
                columns: new[] { "account_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_account_id_created_at",
                table: "virtual_machine",
                columns: new[] { "account_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_created_at",
                table: "virtual_machine",
                column: "created_at",
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_host_id",
                table: "virtual_machine",
                column: "host_id",
                filter: "host_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_iso_id",
                table: "virtual_machine",
                column: "iso_id");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_name",
                table: "virtual_machine",
                column: "name",
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_offering_id",
                table: "virtual_machine",
                column: "offering_id");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_machine_template_id",
                table: "virtual_machine",
                column: "template_id");

            migrationBuilder.CreateIndex(
                name: "ix_virtual_router_element_provider_id",
                table: "virtual_router_element",
                column: "provider_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_volume_account_id_created_at",
                table: "volume",
                columns: new[] { "account_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_volume_pool_id",
                table: "volume",
                column: "pool_id");

            migrationBuilder.CreateIndex(
                name: "ix_volume_virtual_machine_id_device_id",
                table: "volume",
                columns: new[] { "virtual_machine_id", "device_id" },
                unique: true,
                filter: "removed_at IS NULL AND virtual_machine_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_vpc_account_id_created_at",
                table: "vpc",
                columns: new[] { "account_id", "created_at" },
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_vpc_offering_id",
                table: "vpc",
                column: "offering_id");

            migrationBuilder.CreateIndex(
                name: "ix_vpc_scope_id",
                table: "vpc",
                column: "scope_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vpc_zone_id",
                table: "vpc",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_vpc_offering_sort_key_created_at",
                table: "vpc_offering",
                columns: new[] { "sort_key", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_vpn_connection_account_id_created_at",
                table: "vpn_connection",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_vpn_connection_customer_gateway_id",
                table: "vpn_connection",
                column: "customer_gateway_id");

            migrationBuilder.CreateIndex(
                name: "ix_vpn_connection_gateway_id_customer_gateway_id",
                table: "vpn_connection",
                columns: new[] { "gateway_id", "customer_gateway_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vpn_connection_scope_id",
                table: "vpn_connection",
                column: "scope_id");

            migrationBuilder.CreateIndex(
                name: "ix_vpn_customer_gateway_account_id_gateway",
                table: "vpn_customer_gateway",
                columns: new[] { "account_id", "gateway" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vpn_customer_gateway_account_id_name",
                table: "vpn_customer_gateway",
                columns: new[] { "account_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vpn_gateway_account_id_created_at",
                table: "vpn_gateway",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_vpn_gateway_vpc_id",
                table: "vpn_gateway",
                column: "vpc_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vpn_user_account_id_created_at",
                table: "vpn_user",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_vpn_user_account_id_key",
                table: "vpn_user",
                columns: new[] { "account_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_workflow_account_id_created_at",
                table: "workflow",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_workflow_due",
                table: "workflow",
                column: "due",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_instance_id",
                table: "workflow",
                column: "instance_id");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_lease_owner",
                table: "workflow",
                column: "lease_owner",
                filter: "lease_owner IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_overtakes",
                table: "workflow",
                column: "overtakes",
                filter: "overtakes AND NOT admitted AND ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_parent_id",
                table: "workflow",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_subject_holder",
                table: "workflow_subject",
                column: "subject",
                unique: true,
                filter: "held");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_subject_subject_arrived_at",
                table: "workflow_subject",
                columns: new[] { "subject", "arrived_at" });

            migrationBuilder.CreateIndex(
                name: "ix_zone_name",
                table: "zone",
                column: "name",
                unique: true,
                filter: "removed_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "acl_rule");

            migrationBuilder.DropTable(
                name: "address_traffic");

            migrationBuilder.DropTable(
                name: "balancer_sight");

            migrationBuilder.DropTable(
                name: "card_traffic");

            migrationBuilder.DropTable(
                name: "certificate_authority");

            migrationBuilder.DropTable(
                name: "diagnostics_file");

            migrationBuilder.DropTable(
                name: "disk_offering");

            migrationBuilder.DropTable(
                name: "domain_sight");

            migrationBuilder.DropTable(
                name: "event");

            migrationBuilder.DropTable(
                name: "group_member");

            migrationBuilder.DropTable(
                name: "guest_traffic");

            migrationBuilder.DropTable(
                name: "health_policy");

            migrationBuilder.DropTable(
                name: "host_capacity");

            migrationBuilder.DropTable(
                name: "host_groups");

            migrationBuilder.DropTable(
                name: "host_reservation");

            migrationBuilder.DropTable(
                name: "host_sight");

            migrationBuilder.DropTable(
                name: "installation");

            migrationBuilder.DropTable(
                name: "ip_quarantine");

            migrationBuilder.DropTable(
                name: "load_balancer_member");

            migrationBuilder.DropTable(
                name: "network_on_host");

            migrationBuilder.DropTable(
                name: "network_permission");

            migrationBuilder.DropTable(
                name: "network_traffic");

            migrationBuilder.DropTable(
                name: "os_type");

            migrationBuilder.DropTable(
                name: "pool_image");

            migrationBuilder.DropTable(
                name: "pool_reservation");

            migrationBuilder.DropTable(
                name: "reconciler");

            migrationBuilder.DropTable(
                name: "region");

            migrationBuilder.DropTable(
                name: "remote_access_vpn");

            migrationBuilder.DropTable(
                name: "resource_count");

            migrationBuilder.DropTable(
                name: "resource_limit");

            migrationBuilder.DropTable(
                name: "resource_share");

            migrationBuilder.DropTable(
                name: "role_rule");

            migrationBuilder.DropTable(
                name: "router_card");

            migrationBuilder.DropTable(
                name: "router_sight");

            migrationBuilder.DropTable(
                name: "router_twin");

            migrationBuilder.DropTable(
                name: "security_rule");

            migrationBuilder.DropTable(
                name: "session");

            migrationBuilder.DropTable(
                name: "setting_value");

            migrationBuilder.DropTable(
                name: "shared_ip_range");

            migrationBuilder.DropTable(
                name: "ssh_key_pair");

            migrationBuilder.DropTable(
                name: "static_route");

            migrationBuilder.DropTable(
                name: "stickiness_policy");

            migrationBuilder.DropTable(
                name: "storage_ip_range");

            migrationBuilder.DropTable(
                name: "store_image");

            migrationBuilder.DropTable(
                name: "store_link_key");

            migrationBuilder.DropTable(
                name: "tag");

            migrationBuilder.DropTable(
                name: "template_share");

            migrationBuilder.DropTable(
                name: "transfer_session");

            migrationBuilder.DropTable(
                name: "user_data");

            migrationBuilder.DropTable(
                name: "virtual_router_element");

            migrationBuilder.DropTable(
                name: "volume");

            migrationBuilder.DropTable(
                name: "vpn_connection");

            migrationBuilder.DropTable(
                name: "vpn_user");

            migrationBuilder.DropTable(
                name: "worker_sight");

            migrationBuilder.DropTable(
                name: "workflow_subject");

            migrationBuilder.DropTable(
                name: "virtual_machine");

            migrationBuilder.DropTable(
                name: "role");

            migrationBuilder.DropTable(
                name: "router");

            migrationBuilder.DropTable(
                name: "security_group");

            migrationBuilder.DropTable(
                name: "user");

            migrationBuilder.DropTable(
                name: "private_gateway");

            migrationBuilder.DropTable(
                name: "load_balancer");

            migrationBuilder.DropTable(
                name: "image_store");

            migrationBuilder.DropTable(
                name: "network_service_provider");

            migrationBuilder.DropTable(
                name: "storage_pool");

            migrationBuilder.DropTable(
                name: "vpn_customer_gateway");

            migrationBuilder.DropTable(
                name: "vpn_gateway");

            migrationBuilder.DropTable(
                name: "system_vm");

            migrationBuilder.DropTable(
                name: "workflow");

            migrationBuilder.DropTable(
                name: "template");

            migrationBuilder.DropTable(
                name: "network_rule");

            migrationBuilder.DropTable(
                name: "ssl_certificate");

            migrationBuilder.DropTable(
                name: "host");

            migrationBuilder.DropTable(
                name: "service_offering");

            migrationBuilder.DropTable(
                name: "public_ip_address");

            migrationBuilder.DropTable(
                name: "cluster");

            migrationBuilder.DropTable(
                name: "nic_address");

            migrationBuilder.DropTable(
                name: "public_ip_range");

            migrationBuilder.DropTable(
                name: "pod");

            migrationBuilder.DropTable(
                name: "nic");

            migrationBuilder.DropTable(
                name: "account");

            migrationBuilder.DropTable(
                name: "network");

            migrationBuilder.DropTable(
                name: "domain");

            migrationBuilder.DropTable(
                name: "acl_list");

            migrationBuilder.DropTable(
                name: "network_offering");

            migrationBuilder.DropTable(
                name: "physical_network");

            migrationBuilder.DropTable(
                name: "vpc");

            migrationBuilder.DropTable(
                name: "router_scope");

            migrationBuilder.DropTable(
                name: "vpc_offering");

            migrationBuilder.DropTable(
                name: "zone");

            migrationBuilder.DropSequence(
                name: "workflow_fence");
        }
    }
}
