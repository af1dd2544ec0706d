/** The one storage controller; the machine's media are at its ports. */
export const controllerName = "SATA";

/** Every port is probed by the guest's driver, so there are no more than needed. */
export const controllerPorts = 4;
