using System.Net;
using System.Runtime.InteropServices;
using Stratiform.Linux;
using Stratiform.SystemVm;
using Stratiform.SystemVm.Channels;
using Stratiform.SystemVm.Network;
using Stratiform.SystemVm.Serving;
using Stratiform.SystemVm.Stores;

const string channelName = "stratiform.worker.0";
const string storesFolder = "/var/lib/stratiform/stores";
const string scratchFolder = "/var/lib/stratiform/scratch";
const string imageMark = "/etc/stratiform-image";

if (!File.Exists(imageMark))
{
    await Console.Error.WriteLineAsync("This is the program of a system VM: it takes over the cards, the resolvers and the name of the machine that it runs on.");
    return 1;
}

using var end = new CancellationTokenSource();
using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    end.Cancel();
});
var time = TimeProvider.System;
using var logs = LineLoggers.Factory(Console.Error);
var traffic = new Traffic();
var stores = new StoreShelf(storesFolder, new NfsMounts(), new Scratch(new ScratchDisk(scratchFolder)), time);
var jobs = new ImageJobs(time, traffic);
var worker = new Worker(new LinuxCards(), stores, jobs, traffic);
var uploads = new UploadServer(worker, stores, jobs, time);
try
{
    var obeying = ChannelLoop.RunAsync(channelName, new MessageTable(worker), time, logs.CreateLogger("channel"), end.Token);
    // No link is good before: until then the processor is for what is waited for.
    await Task.WhenAny(worker.SetUp, obeying);
    await using var listener = new LinkListener(new LinkServer(worker, stores, uploads, traffic, time), new IPEndPoint(IPAddress.Any, 80), logs);
    await listener.StartAsync(end.Token);
    await obeying;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    NativeHeap.Trim();
}
return 0;
