using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Stratiform.Management.Database.Migrations
{
    /// <inheritdoc />
    public partial class OrderEventsByTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_event_account_id_id",
                table: "event");

            migrationBuilder.DropIndex(
                name: "ix_event_resource_id_id",
                table: "event");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_event_account_id_created_at",
                table: "event");

            migrationBuilder.DropIndex(
                name: "ix_event_created_at_id",
                table: "event");

            migrationBuilder.DropIndex(
                name: "ix_event_resource_id_created_at",
                table: "event");

            migrationBuilder.CreateIndex(
                name: "ix_event_account_id_id",
                table: "event",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_event_resource_id_id",
                table: "event",
                columns: new[] { "resource_id", "id" });
        }
    }
}
