namespace Sluice.Controller.Addresses;

/// <summary>Who has addresses, who uses those who have them, and what subnets say about it.</summary>
public sealed record AddressAccess(AddressBook Book, AddressUsers Users, UsageReports Reports);
