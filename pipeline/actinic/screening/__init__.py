"""What to run, where, and remembering it: workflow, plan, store, worker, cluster, run."""
