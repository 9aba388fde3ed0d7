namespace OutboundInterception.Tests.Diagnostics;

public class PathTemplateTests
{
    [TestCase("/", ExpectedResult = "/")]
    [TestCase("/v1/orders", ExpectedResult = "/v1/orders")]
    [TestCase("/v1.2/order-items/list_all/report.json", ExpectedResult = "/v1.2/order-items/list_all/report.json")]
    [TestCase("/chat.postMessage", ExpectedResult = "/chat.postMessage")]
    [TestCase("/oauth2/token", ExpectedResult = "/oauth2/token")]
    [TestCase("/orders/1234567/", ExpectedResult = "/orders/{id}/")]
    [TestCase("/orders/0f8fad5b-d9cb-469f-a165-70867728950e", ExpectedResult = "/orders/{id}")]
    public string Of_Words_AreKeptAndNumbersAreIds(string path) => PathTemplate.Of(path);

    [TestCase("/services/T024BE7LH/B0R8Q1Z5P/ksz9GqWmYvXnLr3TbUdHe1Fa", "T024BE7LH", "B0R8Q1Z5P", "ksz9GqWmYvXnLr3TbUdHe1Fa")]
    [TestCase("/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")]
    [TestCase("/api/webhooks/872349182374/Kd-8_sdfQWEzxc", "Kd-8_sdfQWEzxc")]
    [TestCase("/reset/4f3c2b1a", "4f3c2b1a")]
    [TestCase("/u/anna%40example.com", "anna%40example.com")]
    [TestCase("/u/anna@example.com", "anna@example.com")]
    [TestCase("/t/eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "eyJhbGciOiJub25lIn0")]
    [TestCase("/k/XQVJWKZPLMNBGTRDSAYH", "XQVJWKZPLMNBGTRDSAYH")]
    [TestCase("/k/qzxwvutsrponmlkjihgfedcba", "qzxwvutsrponmlkjihgfedcba")]
    [TestCase("/k/sk_live_51H8xYzAbC", "51H8xYzAbC")]
    [TestCase("/matrix;token=abc", "abc")]
    public void Of_WhatCouldBeAKey_IsReplaced(string path, params string[] secrets)
    {
        string template = PathTemplate.Of(path);
        foreach (string secret in secrets)
        {
            Assert.That(template, Does.Not.Contain(secret).And.Contain("{redacted}"));
        }
    }
}
