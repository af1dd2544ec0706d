import { expect, test } from "vitest";
import { findProvider } from "../../../src/core/context.ts";
import { createFakeProvider } from "../../support/providers/fake-provider.ts";

const kvm = createFakeProvider({ id: "kvm", aliases: ["qemu", "kvm2"] });
const other = createFakeProvider({ id: "other" });
const providers = [other, kvm];

test.each(["kvm", "qemu", "kvm2"])("%s names the provider with that id or alias", (id) => {
  expect(findProvider({ providers }, id)).toBe(kvm);
});

test.each(["", "KVM", "virtualbox"])("a provider that is none is refused: %o", (id) => {
  expect(() => findProvider({ providers }, id)).toThrow(`provider "${id}" not found`);
});
