import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** The workerd that this process started: its id. */
export function findWorkerd() {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  const own = processes
    .map((line) => line.trim().split(/\s+/))
    .find(([, ppid, command]) => Number(ppid) === process.pid && command.includes("workerd"));
  if (!own) throw new Error("workerd is not running");
  return Number(own[0]);
}

/** Megabytes of resident memory, and the most that it ever was where the system keeps that (Linux). */
export function residentMegabytes(pid) {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) {
    const text = readFileSync(status, "utf8");
    const read = (name) => Math.round(Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(text)[1]) / 1024);
    return { now: read("VmRSS"), peak: read("VmHWM") };
  }
  const now = Math.round(Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024);
  return { now, peak: now };
}
