namespace Sluice.Ovn.Tests.Values;

public sealed class OwnerKeyTests
{
    [Theory]
    [InlineData("Vpc", "vpc1")]
    [InlineData("Port", "default/web-0")]
    public void Its_text_reads_back(string kind, string name)
    {
        OwnerKey.TryParse($"{kind}/{name}", out var key).ShouldBeTrue();

        key.ShouldBe(new OwnerKey(kind, name));
        key.ToString().ShouldBe($"{kind}/{name}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Vpc")]
    [InlineData("/vpc1")]
    [InlineData("Vpc/")]
    public void Other_texts_are_refused(string? text) => OwnerKey.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Stamped_ids_name_the_row_and_keep_the_plan_s_own_ids()
    {
        var id = new RowId(new("Vpc", "vpc1"), "lrp/vpc1-external204");

        var stamped = OwnerIds.Stamp(id, StringMap.Of(("lr", "vpc1")));

        stamped.ShouldBe(StringMap.Of(
            ("lr", "vpc1"), ("vendor", "kube-ovn"), ("sluice-owner", "Vpc/vpc1"), ("sluice-row", "lrp/vpc1-external204")));
        OwnerIds.Parse(stamped).ShouldBe(id);
    }

    [Fact]
    public void Ids_without_an_owner_name_no_row_of_ours() =>
        OwnerIds.Parse(StringMap.Of(("vendor", "kube-ovn"), ("lr", "vpc1"))).ShouldBeNull();
}
