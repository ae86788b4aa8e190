namespace Sluice.Kube.Tests.Config;

public sealed class KubeYamlTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: 1.5e3", """{"a":1500}""")]
    [InlineData("a: -7", """{"a":-7}""")]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: \"1\"", """{"a":"1"}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: \"\"", """{"a":""}""")]
    [InlineData("a: 10.16.0.0/16", """{"a":"10.16.0.0/16"}""")]
    [InlineData("a: 10.5.204.101", """{"a":"10.5.204.101"}""")]
    [InlineData("a: Infinity", """{"a":"Infinity"}""")]
    [InlineData("a: 00:00:00:aa:bb:cc", """{"a":"00:00:00:aa:bb:cc"}""")]
    [InlineData("a: fd00::1", """{"a":"fd00::1"}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("a: [1, {b: c}]", """{"a":[1,{"b":"c"}]}""")]
    [InlineData("a: &x {b: c}\nd: *x", """{"a":{"b":"c"},"d":{"b":"c"}}""")]
    public void Reads_what_Kubernetes_reads(string yaml, string json) => KubeYaml.Parse(yaml).Single().ToJsonString().ShouldBe(json);

    [Fact]
    public void Reads_every_document_that_is_not_empty() =>
        KubeYaml.Parse("---\na: 1\n---\n---\nb: 2\n").Select(document => document.ToJsonString()).ShouldBe(["""{"a":1}""", """{"b":2}"""]);
}
