#!/usr/bin/env bash
# A real SLURM of one node on loopback, for tests: Debian, root, no systemd, no cgroups, memory limits enforced.
#   slurm.sh         start it; packages are installed if absent
#   slurm.sh down    stop it, by recorded process numbers only
set -euo pipefail
RUN=${SLURM_CI_DIR:-${TMPDIR:-/tmp}/slurm-ci}; mkdir -p "$RUN"/{state,spool,log}
pids() { cat "$RUN"/*.pid 2>/dev/null || true; }
if [ "${1:-up}" = down ]; then
  for f in slurmd slurmctld munged; do [ -s "$RUN/$f.pid" ] && kill "$(cat "$RUN/$f.pid")" 2>/dev/null || true; done
  exit 0
fi
if ! command -v slurmctld >/dev/null || ! command -v munged >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
fi
H=$(hostname -s)
CPUS=${SLURM_CI_CPUS:-$(nproc)}
MEM=${SLURM_CI_MEM_MB:-$(( $(awk '/MemTotal/{print $2}' /proc/meminfo) / 1024 - 512 ))}
# --- munge: private key, socket and log, still run as user munge -------------
[ -s /etc/munge/munge.key ] || { dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 status=none; }
chown munge: /etc/munge/munge.key; chmod 400 /etc/munge/munge.key
install -d -o munge -g munge -m 0755 /run/munge
install -d -o munge -g munge -m 0700 /var/log/munge /var/lib/munge
runuser -u munge -- /usr/sbin/munged           # daemonises; pid in /run/munge/munged.pid
for i in $(seq 50); do munge -n </dev/null >/dev/null 2>&1 && break; sleep .1; done
cp /run/munge/munged.pid "$RUN/munged.pid"
# --- slurm.conf ----------------------------------------------------------------
install -d /etc/slurm
cat > /etc/slurm/slurm.conf <<CONF
ClusterName=ci
SlurmctldHost=$H(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1,defer_batch=0
ReturnToService=2
MpiDefault=none
KillWait=5
InactiveLimit=0
SlurmctldTimeout=120
SlurmdTimeout=120
StateSaveLocation=$RUN/state
SlurmdSpoolDir=$RUN/spool
SlurmctldPidFile=$RUN/slurmctld.pid
SlurmdPidFile=$RUN/slurmd.pid
SlurmctldLogFile=$RUN/log/slurmctld.log
SlurmdLogFile=$RUN/log/slurmd.log
NodeName=$H NodeAddr=127.0.0.1 CPUs=$CPUS RealMemory=$MEM State=UNKNOWN
PartitionName=ci Nodes=$H Default=YES MaxTime=01:00:00 DefMemPerCPU=1000 State=UP OverSubscribe=NO
CONF
rm -f "$RUN"/slurm*.pid
slurmctld -c           # -c: forget old state; daemonises
slurmd -c
for i in $(seq 100); do
  [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && break; sleep .2
done
sinfo
