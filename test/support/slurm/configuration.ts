export interface ClusterPlaces {
  /** Where the daemons keep their files. */
  readonly folder: string;
  readonly socket: string;
  readonly plugins: string;
  readonly user: string;
  readonly hostname: string;
  readonly controllerPort: number;
  readonly nodePort: number;
}

/**
 * slurm.conf(5) of a cluster with one node, which claims to have more than this host: what tests ask for
 * is to be granted wherever they run. It schedules without delay and is reached by loopback alone.
 */
export function slurmConfiguration({
  folder,
  socket,
  plugins,
  user,
  hostname,
  controllerPort,
  nodePort,
}: ClusterPlaces): string {
  return [
    "ClusterName=test",
    `SlurmctldHost=${hostname}(127.0.0.1)`,
    `SlurmctldPort=${controllerPort}`,
    `SlurmdPort=${nodePort}`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny",
    "AuthType=auth/munge",
    `AuthInfo=socket=${socket}`,
    "CredType=cred/munge",
    `PluginDir=${plugins}`,
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/slurmd.pid`,
    "ProctrackType=proctrack/linuxproc",
    "TaskPlugin=task/none",
    "SwitchType=switch/none",
    "MpiDefault=none",
    "JobAcctGatherType=jobacct_gather/none",
    "AccountingStorageType=accounting_storage/none",
    "SelectType=select/cons_tres",
    "SelectTypeParameters=CR_CPU_Memory",
    "SlurmdParameters=config_overrides",
    "SchedulerParameters=sched_min_interval=0,batch_sched_delay=0",
    "ReturnToService=2",
    "KillWait=20",
    `NodeName=node1 NodeHostname=${hostname} NodeAddr=127.0.0.1 CPUs=2 RealMemory=100000 State=UNKNOWN`,
    "PartitionName=main Nodes=node1 Default=YES MaxTime=INFINITE State=UP",
    "",
  ].join("\n");
}
