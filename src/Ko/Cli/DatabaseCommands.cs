using System.CommandLine;
using System.Globalization;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;

namespace Sluice.Ko.Cli;

/// <summary>Care of the database servers: <c>nb</c> and <c>sb</c> with their subcommands.</summary>
internal static class DatabaseCommands
{
    /// <summary>ovsdb-client(1) seeks in what it restores, so that it can not read from a pipe: the backup becomes a file where it runs.</summary>
    private const string RestoreScript = """file=$(mktemp) && trap 'rm -f "$file"' EXIT && cat >"$file" && ovsdb-client restore "$@" <"$file" """;

    public static IEnumerable<Command> All(KoProgram program) => OvnDb.All.Select(db => new Command(db.Name, $"Care of the database {db.Schema}")
    {
        Status(program, db), Kick(program, db), Backup(program, db), StorageStatus(program, db), Restore(program, db),
    });

    private static Command Status(KoProgram program, OvnDb db)
    {
        var command = new Command("status", KoCommandLine.Describe("The state of the cluster of servers and of the leader's storage", $"{db.Name} status"));
        command.SetAction(async (_, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            // A server that stands alone belongs to no cluster and says so; its storage has a state all the same.
            var cluster = await backend.AtLeaderAsync(db, "ovn-appctl", folder => Appctl(folder, db, "cluster/status", db.Schema), input: false, cancellation);
            var storage = await backend.AtLeaderAsync(
                db, "ovn-appctl", folder => Appctl(folder, db, "ovsdb-server/get-db-storage-status", db.Schema), input: false, cancellation);
            await program.Processes.PassThroughAsync(cluster, cancellation);
            return await program.Processes.PassThroughAsync(storage, cancellation);
        });
        return command;
    }

    private static Command Kick(KoProgram program, OvnDb db)
    {
        var server = new Argument<string>("SERVER") { Description = "Its id, as status prints it" };
        var command = new Command("kick", KoCommandLine.Describe("Remove a server from the cluster", $"{db.Name} kick 5d3b")) { server };
        command.SetAction(async (result, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            var kick = await backend.AtLeaderAsync(
                db, "ovn-appctl", folder => Appctl(folder, db, "cluster/kick", db.Schema, result.GetValue(server)!), input: false, cancellation);
            return await program.Processes.PassThroughAsync(kick, cancellation);
        });
        return command;
    }

    private static Command Backup(KoProgram program, OvnDb db)
    {
        var command = new Command("backup", KoCommandLine.Describe("Write a copy of the database to this directory", $"{db.Name} backup"));
        command.SetAction(async (_, cancellation) =>
        {
            var stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            var file = Path.GetFullPath($"ovn{db.Name}_db.{stamp}.backup");
            var backend = await program.BackendAsync(cancellation);
            var backup = await backend.AtLeaderAsync(
                db, "ovsdb-client", folder => ["backup", $"unix:{Path.Combine(folder, db.ClientSocket)}", db.Schema], input: false, cancellation);
            var code = await program.Processes.SaveAsync(backup, file, cancellation);
            if (code == 0)
                await program.Output.WriteLineAsync(file);
            return code;
        });
        return command;
    }

    private static Command StorageStatus(KoProgram program, OvnDb db)
    {
        var command = new Command("dbstatus", KoCommandLine.Describe("The state of the storage of every server", $"{db.Name} dbstatus"));
        command.SetAction(async (_, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            var worst = 0;
            foreach (var (member, invocation) in await backend.AtMembersAsync(
                db, "ovn-appctl", folder => Appctl(folder, db, "ovsdb-server/get-db-storage-status", db.Schema), cancellation))
            {
                await program.Output.WriteLineAsync($"{member}:");
                await program.Output.FlushAsync(cancellation);
                worst = Math.Max(worst, await program.Processes.PassThroughAsync(invocation, cancellation));
            }
            return worst;
        });
        return command;
    }

    private static Command Restore(KoProgram program, OvnDb db)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What backup wrote" };
        var command = new Command("restore", KoCommandLine.Describe(
            "Replace the contents of the running database by those of a backup, in one transaction", $"{db.Name} restore ovn{db.Name}_db.20260101120000.backup"))
        {
            file,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var backend = await program.BackendAsync(cancellation);
            var restore = await backend.AtLeaderAsync(
                db, "sh", folder => ["-c", RestoreScript, "restore", $"unix:{Path.Combine(folder, db.ClientSocket)}", db.Schema], input: true, cancellation);
            await using var input = result.GetValue(file)!.OpenRead();
            return await program.Processes.RunAsync(restore, input, null, cancellation);
        });
        return command;
    }

    private static string[] Appctl(string folder, OvnDb db, params string[] command) => ["-t", Path.Combine(folder, db.ControlSocket), .. command];
}
