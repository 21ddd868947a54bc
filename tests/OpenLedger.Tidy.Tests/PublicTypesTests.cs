namespace OpenLedger.Tidy.Tests;

public sealed class PublicTypesTests
{
    [Fact]
    public void Check_ThisRepository_IsClean() => TidyAssert.None(PublicTypes.Check(SourceTree.Files));

    [Theory]
    [InlineData("src/P/A.cs", "namespace P;\npublic class A { }\npublic sealed record B(int X);", "2 public types: A, B")]
    [InlineData("src/P/A.cs", "namespace P;\npublic enum A { X }\npublic delegate void B<T>(T x);", "2 public types: A, B")]
    [InlineData("src/P/A.cs", "namespace P;\npublic sealed class C { }", "name the file by it")]
    [InlineData("src/P/A.cs", "namespace P\n{\n public class A { }\n}", "not file-scoped")]
    [InlineData("src/Shared/Q/A.cs", "namespace P.Q;\npublic class A { }", "does not follow the folder")]
    [InlineData("src/P/Q/A.cs", "namespace P.R;\npublic class A { }", "does not follow the folder")]
    [InlineData("src/P/Q/A.cs", "namespace P;\npublic class A { }", "does not follow the folder")]
    [InlineData("src/P/A.cs", "public class A { }", "has no namespace")]
    [InlineData("src/P/Utils.cs", "namespace P;\ninternal class Utils { }", "names no capability")]
    [InlineData("src/P/Common/A.cs", "namespace P.Common;\npublic class A { }", "'Common' names no capability")]
    public void Check_BadExample_IsFound(string path, string text, string expected) =>
        TidyAssert.One(expected, PublicTypes.Check([new SourceFile(path, text)]));

    [Theory]
    [InlineData("src/P/A.cs", "namespace P;\npublic partial class A { public enum Nested { } }\ninternal class B { }")]
    [InlineData("src/P/A.Part.cs", "namespace P;\npublic partial class A { /* public class B */ string s = \"public class C\"; }")]
    [InlineData("src/P/A.cs", "namespace P;\npublic class A { }\npublic class A<T> { }")]
    [InlineData("src/P/Q/R/A.cs", "namespace P.Q;\npublic class A { }")]
    [InlineData("src/P/Usings.cs", "global using System;")]
    [InlineData("src/P/Big.g.cs", "namespace P;\npublic class A { }\npublic class B { }")]
    public void Check_GoodExample_IsLeftAlone(string path, string text) => Assert.Empty(PublicTypes.Check([new SourceFile(path, text)]));
}
