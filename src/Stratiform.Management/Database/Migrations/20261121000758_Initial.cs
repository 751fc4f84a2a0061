using System;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Stratiform.Management.Database.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "workflow_arrival");

            migrationBuilder.CreateSequence(
                name: "workflow_fence");

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
                name: "workflow",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    arrival = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "nextval('workflow_arrival')"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<JsonDocument>(type: "jsonb", nullable: false),
                    step = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phase = table.Column<string>(type: "text", nullable: false),
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
                    result = table.Column<JsonDocument>(type: "jsonb", nullable: true),
                    command = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    instance_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    instance_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workflow", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
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
                name: "workflow_subject",
                columns: table => new
                {
                    workflow_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    arrival = table.Column<long>(type: "bigint", nullable: false),
                    held = table.Column<bool>(type: "boolean", nullable: true)
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
                name: "user",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
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

            migrationBuilder.CreateIndex(
                name: "ix_account_domain_id_name",
                table: "account",
                columns: new[] { "domain_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

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
                name: "ix_workflow_account_id_created_at",
                table: "workflow",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_workflow_due",
                table: "workflow",
                column: "due",
                filter: "phase IN ('Forward', 'Undoing')");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_instance_id",
                table: "workflow",
                column: "instance_id");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_parent_id",
                table: "workflow",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_subject_subject",
                table: "workflow_subject",
                column: "subject",
                unique: true,
                filter: "held");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_subject_subject_arrival",
                table: "workflow_subject",
                columns: new[] { "subject", "arrival" },
                filter: "held IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "installation");

            migrationBuilder.DropTable(
                name: "user");

            migrationBuilder.DropTable(
                name: "workflow_subject");

            migrationBuilder.DropTable(
                name: "account");

            migrationBuilder.DropTable(
                name: "workflow");

            migrationBuilder.DropTable(
                name: "domain");

            migrationBuilder.DropSequence(
                name: "workflow_arrival");

            migrationBuilder.DropSequence(
                name: "workflow_fence");
        }
    }
}
