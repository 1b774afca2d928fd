import { describe, expect, it } from "vitest";
import { networkOf } from "../../src/services/network";

describe("the network of an address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8::/64"],
    ["2001:db8:0:0:1::", "2001:db8::/64"],
    ["2001:db8:1:0:ffff::", "2001:db8:1::/64"],
    ["1:2:3:4::5:6", "1:2:3:4::/64"],
    ["fe80::1", "fe80::/64"],
    ["::1", "::/64"],
    ["::", "::/64"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::FFFF:CB00:7107", "203.0.113.7"],
  ])("R031 of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it("R031 of what is no address is that itself, and no longer than an address", () => {
    expect(networkOf("unknown")).toBe("unknown");
    expect(networkOf("fe80::1%eth0")).toBe("fe80::1%eth0");
    expect(networkOf("]/x:[")).toBe("]/x:[");
    expect(networkOf(`::${"1".repeat(500)}`)).toHaveLength(45);
  });
});
